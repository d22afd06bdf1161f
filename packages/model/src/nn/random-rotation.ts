/** @file Random rotations: orthogonal matrices of determinant 1, uniform over all of them (Haar). */
import type { RandomStream } from './random.ts';

/**
 * A product of Householder reflections (Stewart 1980), as scipy's `special_ortho_group`.
 * @param size n, at least 2.
 * @returns f32 `[n, n]`; rows and columns are orthonormal.
 */
export function randomRotation(size: number, random: RandomStream): Float32Array {
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) matrix[i * size + i] = 1;
  const signs = new Float64Array(size);
  let product = 1;
  for (let step = 0; step < size - 1; step++) {
    const normal = new Float32Array(size - step);
    random.fillNormal(normal);
    const x = Float64Array.from(normal);
    const sign = x[0]! < 0 ? -1 : 1;
    signs[step] = sign;
    product *= sign;
    reflect(matrix, size, step, householder(x, sign));
  }
  // What makes the determinant 1: each reflection has −1.
  signs[size - 1] = (size % 2 === 0 ? -1 : 1) * product;
  return Float32Array.from(matrix, (value, at) => value * signs[Math.floor(at / size)]!);
}

/** The vector of length √2 whose reflection takes x to the first axis. */
function householder(x: Float64Array, sign: number): Float64Array {
  const squared = dot(x, x);
  const first = x[0]!;
  x[0] = first + sign * Math.sqrt(squared);
  const scale = 1 / Math.sqrt((squared - first ** 2 + x[0]! ** 2) / 2);
  return x.map((value) => value * scale);
}

/** M ← M·(I − x·xᵀ) in the columns from `start`. */
function reflect(matrix: Float64Array, size: number, start: number, x: Float64Array): void {
  for (let row = 0; row < size; row++) {
    const values = matrix.subarray(row * size + start, (row + 1) * size);
    const along = dot(values, x);
    for (let i = 0; i < x.length; i++) values[i]! -= along * x[i]!;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
