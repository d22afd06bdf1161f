/** @file OpenSimplex noise in three dimensions (Spencer 2014), whose patches RD++ lays over images. */
import type { RandomStream } from '../../nn/random.ts';

/** Lattice points per direction. */
const PERIOD = 256;
/** Towards the corners of a rhombicuboctahedron: 11 along one axis, 4 along the others, with any signs. */
const GRADIENTS: readonly (readonly [number, number, number])[] = [
  [-1, 1, 1],
  [1, 1, 1],
  [-1, -1, 1],
  [1, -1, 1],
  [-1, 1, -1],
  [1, 1, -1],
  [-1, -1, -1],
  [1, -1, -1],
].flatMap(([x = 1, y = 1, z = 1]) =>
  [0, 1, 2].map((long) => {
    const length = (axis: number) => (axis === long ? 11 : 4);
    return [x * length(0), y * length(1), z * length(2)] as const;
  }),
);
/** The lattice is a cubic one, drawn out along its diagonal. */
const STRETCH = -1 / 6;
const SQUISH = 1 / 3;
/** Where a lattice point's part ends, squared. */
const REACH = 2;
/** Brings it to about −1 to 1. */
const SCALE = 1 / 103;

/** Which of the lattice's points is which, for a seed: the numbers below 256 in any order. */
export function latticeOrder(random: RandomStream): Uint8Array {
  const order = Uint8Array.from({ length: PERIOD }, (_, i) => i);
  for (let i = PERIOD - 1; i > 0; i--) {
    const other = random.nextInteger(i + 1);
    [order[i], order[other]] = [order[other]!, order[i]!];
  }
  return order;
}

/** Noise at a place, about −1 to 1: Σ over the lattice points p within √2 of (2 − |d|²)⁴ · gradient(p)·d, d from p. */
export function simplexNoise(order: Uint8Array, x: number, y: number, z: number): number {
  const stretched = (x + y + z) * STRETCH;
  const [i0, j0, k0] = [x, y, z].map((at) => Math.floor(at + stretched)) as [
    number,
    number,
    number,
  ];
  let sum = 0;
  for (let i = i0 - 1; i <= i0 + 2; i++)
    for (let j = j0 - 1; j <= j0 + 2; j++)
      for (let k = k0 - 1; k <= k0 + 2; k++) {
        const squished = (i + j + k) * SQUISH;
        const [dx, dy, dz] = [x - i - squished, y - j - squished, z - k - squished];
        const near = REACH - dx * dx - dy * dy - dz * dz;
        if (near <= 0) continue;
        const at = (n: number) => order[n & (PERIOD - 1)]!;
        const [gx, gy, gz] = GRADIENTS[at(at(at(i) + j) + k) % GRADIENTS.length]!;
        sum += near ** 4 * (gx * dx + gy * dy + gz * dz);
      }
  return sum * SCALE;
}

const OCTAVES = 6;
const PERSISTENCE = 0.6;
/** Pixels of the first octave's cells; half of them in each following one. */
const CELL_PX = 32;

/** Octaves of noise, a slice a channel. @returns f32 `[3, side, side]`. */
export function fractalNoise(order: Uint8Array, side: number): Float32Array {
  return Float32Array.from({ length: 3 * side ** 2 }, (_, i) => {
    const [x, y, z] = [i % side, Math.floor(i / side) % side, Math.floor(i / side ** 2)];
    let value = 0;
    for (let octave = 0; octave < OCTAVES; octave++) {
      const cell = CELL_PX / 2 ** octave;
      value += PERSISTENCE ** octave * simplexNoise(order, x / cell, y / cell, z / cell);
    }
    return value;
  });
}
