/** @file Grids enlarged and smoothed at once: both are linear and the same along both axes, so a matrix on either side does. */
import type { GraphBuilder } from '../onnx/graph-builder.ts';
import { float32 } from '../onnx/tensor.ts';
import { filterMatrix, type GaussianFilter, isFilteredByMatrix } from './gaussian-filter.ts';

export interface SmoothEnlargement extends GaussianFilter {
  /** Of the grids, and of the map. */
  readonly side: number;
  readonly size: number;
  readonly alignCorners: boolean;
  /** What the map is multiplied by. */
  readonly weight: number;
}

/** Whether maps of that size are made so. */
export function isSmoothlyEnlarged(size: number, { sigma }: GaussianFilter): boolean {
  return sigma > 0 && isFilteredByMatrix(size);
}

/**
 * Bilinear enlargement and `addGaussianFilter`, as one.
 * @param grids f32 `[N, 1, side, side]`.
 * @returns f32 `[N, 1, size, size]`.
 */
export function addSmoothEnlargement(
  builder: GraphBuilder,
  grids: string,
  { side, size, alignCorners, weight, ...filter }: SmoothEnlargement,
): string {
  const rows = product(filterMatrix(filter, size), enlargementMatrix(side, size, alignCorners));
  const columns = new Float64Array(rows.length); // [side, size]
  for (const [at, value] of rows.entries())
    columns[(at % side) * size + Math.floor(at / side)] = weight * value;
  const tall = builder.op('MatMul', [builder.constant(float32([size, side], rows)), grids]);
  return builder.op('MatMul', [tall, builder.constant(float32([side, size], columns))]);
}

/** PyTorch's bilinear enlargement of a line, `[size, side]`. */
function enlargementMatrix(side: number, size: number, alignCorners: boolean): Float64Array {
  const matrix = new Float64Array(size * side);
  for (let i = 0; i < size; i++) {
    const position = alignCorners
      ? (i * (side - 1)) / Math.max(1, size - 1)
      : Math.max(0, ((i + 0.5) * side) / size - 0.5);
    const before = Math.min(Math.floor(position), side - 1);
    const share = position - before;
    matrix[i * side + before]! += 1 - share;
    matrix[i * side + Math.min(before + 1, side - 1)]! += share;
  }
  return matrix;
}

/** Of `[n, n]` and `[n, m]`, row by row: `[n, m]`. */
function product(a: Float64Array, b: Float64Array): Float64Array {
  const n = Math.sqrt(a.length);
  const m = b.length / n;
  const out = new Float64Array(b.length);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const factor = a[i * n + k] as number;
      if (factor === 0) continue;
      for (let j = 0; j < m; j++) out[i * m + j]! += factor * (b[k * m + j] as number);
    }
  return out;
}
