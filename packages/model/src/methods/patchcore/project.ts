/** @file Centering of patches, and the random projection in which PatchCore's coreset is chosen (arXiv 2106.08265, section 3.2). */
import type { Executor } from '@plumbline/contracts';
import { matMul, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { loadProgram } from '../../eager/load-program.ts';
import { RandomStream } from '../../nn/random.ts';
import { float32 } from '../../onnx/index.ts';
import { BATCH } from '../../trace/index.ts';

const ROWS_AT_ONCE = 4096;

/**
 * Subtracts the mean of all rows from each, in place.
 * @param rows f32 `[count, size]`.
 * @returns f32 `[size]`, the mean.
 */
export function centerRows(rows: Float32Array, size: number): Float32Array {
  const sums = new Float64Array(size);
  for (let i = 0; i < rows.length; i++) sums[i % size]! += rows[i]!;
  const mean = Float32Array.from(sums, (sum) => (sum * size) / rows.length);
  for (let i = 0; i < rows.length; i++) rows[i]! -= mean[i % size]!;
  return mean;
}

export interface ProjectionOptions {
  /** Numbers a row. */
  readonly size: number;
  /** Numbers a projected row. */
  readonly to: number;
  readonly seed: number;
}

/**
 * Gaussian random projection, scaled so that distances keep their size on average (Johnson and Lindenstrauss). Rows
 * that are short enough already stay as they are.
 * @param rows f32 `[count, size]`.
 * @returns f32 `[count, min(size, to)]`.
 */
export async function projectRows(
  executor: Executor,
  rows: Float32Array,
  { size, to, seed }: ProjectionOptions,
): Promise<Float32Array> {
  if (size <= to) return rows;
  const matrix = new Float32Array(size * to);
  RandomStream.from(seed, 'patchcore/projection').fillNormal(matrix);
  for (let i = 0; i < matrix.length; i++) matrix[i]! /= Math.sqrt(to);
  const session = await loadProgram(executor, {
    name: 'patchcore-projection',
    inputs: { rows: { shape: [BATCH, size] } },
    batchPlaceholder: BATCH,
    body: (given) => ({ projected: matMul(given['rows'] as Tensor, tensor(matrix, [size, to])) }),
  });
  const count = rows.length / size;
  const projected = new Float32Array(count * to);
  try {
    for (let first = 0; first < count; first += ROWS_AT_ONCE) {
      const width = Math.min(ROWS_AT_ONCE, count - first);
      const part = rows.subarray(first * size, (first + width) * size);
      const result = await session.run({ rows: float32([width, size], part) });
      projected.set(result['projected']?.data as Float32Array, first * to);
    }
    return projected;
  } finally {
    await session.release();
  }
}
