/**
 * @file Principal components of a level's patches (Jolliffe, "Principal Component Analysis", 2002): a bank that keeps them
 * alone is smaller, and is compared faster. Distances change by what the left-out components contribute.
 */
import { matMul, type Tensor, tensor } from '@tensorflow/tfjs-core';

export interface Projection {
  /** C. */
  readonly from: number;
  /** D, at most C. */
  readonly to: number;
  /** f32 `[C, D]`, columns orthonormal. */
  readonly matrix: Float32Array;
}

/** Rounds of the iteration: the space that is found stays the same to a thousandth of the variance after ten. */
const ROUNDS = 30;
const SMALLEST_NORM = 1e-12;

/**
 * The directions of largest variance, by orthogonal iteration from the first axes (Golub and Van Loan, "Matrix
 * Computations", 8.2.4). Nothing is drawn by chance.
 * @param covariance f64 `[C, C]`, symmetric.
 */
export function principalComponents(
  covariance: Float64Array,
  { from, to }: Pick<Projection, 'from' | 'to'>,
): Projection {
  // Rows are the directions.
  let basis: Float64Array[] = Array.from({ length: to }, (_, d) => {
    const axis = new Float64Array(from);
    for (let c = d; c < from; c += to) axis[c] = 1 / (1 + c);
    return axis;
  });
  for (let round = 0; round < ROUNDS; round++) {
    basis = basis.map((direction) => times(covariance, direction));
    orthonormalize(basis);
  }
  const matrix = new Float32Array(from * to);
  for (const [d, direction] of basis.entries())
    for (const [c, value] of direction.entries()) matrix[c * to + d] = value;
  return { from, to, matrix };
}

function times(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length;
  return vector.map((_, row) => {
    let sum = 0;
    for (let c = 0; c < size; c++)
      sum += (matrix[row * size + c] as number) * (vector[c] as number);
    return sum;
  });
}

/** Modified Gram and Schmidt, in place. A direction that the others hold already becomes zero. */
function orthonormalize(basis: readonly Float64Array[]): void {
  for (const [d, direction] of basis.entries()) {
    const before = Math.sqrt(dot(direction, direction));
    for (const earlier of basis.slice(0, d)) {
      const share = dot(earlier, direction);
      for (let c = 0; c < direction.length; c++) direction[c]! -= share * (earlier[c] as number);
    }
    const norm = Math.sqrt(dot(direction, direction));
    const scale = norm > SMALLEST_NORM * before ? 1 / norm : 0;
    for (let c = 0; c < direction.length; c++) direction[c]! *= scale;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/**
 * @param patches f32 `[N, P, C]`.
 * @returns f32 `[N, P, D]`.
 */
export function projectPatches(patches: Tensor, { from, to, matrix }: Projection): Tensor {
  return matMul(patches, tensor(matrix, [from, to]));
}

/** The same for one patch, f32 `[C]`, written to `out`, f32 `[D]`. */
export function projectPatch({ to, matrix }: Projection, patch: Float32Array, out: Float32Array) {
  out.fill(0);
  for (const [c, value] of patch.entries())
    for (let d = 0; d < to; d++) out[d]! += value * (matrix[c * to + d] as number);
}

/** Back into the space of all channels: f32 `[P, D]` to f32 `[P, C]`. Projected again they are what they were. */
export function unproject({ from, to, matrix }: Projection, patches: Float32Array): Float32Array {
  const count = patches.length / to;
  const values = new Float32Array(count * from);
  for (let p = 0; p < count; p++)
    for (let c = 0; c < from; c++) {
      let sum = 0;
      for (let d = 0; d < to; d++)
        sum += (patches[p * to + d] as number) * (matrix[c * to + d] as number);
      values[p * from + c] = sum;
    }
  return values;
}
