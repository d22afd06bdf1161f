/** @file Smooth value noise and hashes over a lattice, for grain, fibers and irregular outlines. */

/** Smooth noise in [-1, 1], lattice spacing 1. */
export type Noise = (x: number, y: number) => number;

/** Hash of a lattice point, [0, 1). */
export function latticeHash(x: number, y: number, seed: number): number {
  let h = (Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ seed) | 0;
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

export function createNoise(seed: number): Noise {
  return (x, y) => {
    const x0 = Math.floor(x);
    const y0 = Math.floor(y);
    const fx = fade(x - x0);
    const fy = fade(y - y0);
    const top = blend(latticeHash(x0, y0, seed), latticeHash(x0 + 1, y0, seed), fx);
    const bottom = blend(latticeHash(x0, y0 + 1, seed), latticeHash(x0 + 1, y0 + 1, seed), fx);
    return 2 * blend(top, bottom, fy) - 1;
  };
}

function fade(t: number): number {
  return t * t * (3 - 2 * t);
}

function blend(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}
