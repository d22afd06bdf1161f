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

/** Keeps the last lattice cell: neighboring pixels mostly share it, so give each use a noise of its own. */
export function createNoise(seed: number): Noise {
  let cellX = Number.NaN;
  let cellY = Number.NaN;
  let topLeft = 0;
  let topRight = 0;
  let bottomLeft = 0;
  let bottomRight = 0;
  return (x, y) => {
    const x0 = Math.floor(x);
    const y0 = Math.floor(y);
    if (x0 !== cellX || y0 !== cellY) {
      cellX = x0;
      cellY = y0;
      topLeft = latticeHash(x0, y0, seed);
      topRight = latticeHash(x0 + 1, y0, seed);
      bottomLeft = latticeHash(x0, y0 + 1, seed);
      bottomRight = latticeHash(x0 + 1, y0 + 1, seed);
    }
    const fx = fade(x - x0);
    const fy = fade(y - y0);
    const top = topLeft + (topRight - topLeft) * fx;
    const bottom = bottomLeft + (bottomRight - bottomLeft) * fx;
    return 2 * (top + (bottom - top) * fy) - 1;
  };
}

function fade(t: number): number {
  return t * t * (3 - 2 * t);
}
