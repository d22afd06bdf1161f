/** @file SciPy's Gaussian filter as ONNX nodes. */
import type { MapSize } from '@plumbline/contracts';
import type { GraphBuilder } from '../onnx/graph-builder.ts';
import { float32, int64 } from '../onnx/tensor.ts';

/**
 * Pixels of a side up to which a line is filtered as the product with a matrix: at 256 that takes less time than a convolution,
 * which engines pad to 16 channels. It grows with the side, where a convolution stays as it is per pixel.
 */
const LARGEST_MATRIX = 512;

/** `scipy.ndimage.gaussian_filter`'s default: the kernel ends after so many deviations. */
const TRUNCATE = 4;

/**
 * Weights of the sampled and normalized Gaussian, as scipy's `_gaussian_kernel1d`.
 * @param sigma Standard deviation, pixels, above 0.
 * @param radius Pixels beside the middle one; default ⌊4σ + ½⌋.
 * @returns f64 `[2·radius + 1]`, sum 1.
 */
export function gaussianKernel(
  sigma: number,
  radius = Math.floor(TRUNCATE * sigma + 0.5),
): Float64Array {
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-0.5 * ((i - radius) / sigma) ** 2),
  );
  const sum = kernel.reduce((total, weight) => total + weight, 0);
  return kernel.map((weight) => weight / sum);
}

export interface GaussianFilter {
  /** Pixels; 0 leaves the maps as they are. */
  readonly sigma: number;
  /** Where the kernel ends, pixels. Default 4 sigma. */
  readonly radius?: number | undefined;
}

/**
 * `gaussian_filter(map, sigma)` with scipy's defaults, each map by itself: border values mirrored including the last
 * (mode `reflect`), truncated at 4 sigma.
 * @param maps f32 `[N, 1, height, width]`.
 * @returns f32 `[N, 1, height, width]`.
 */
export function addGaussianFilter(
  builder: GraphBuilder,
  maps: string,
  { height, width }: MapSize,
  filter: GaussianFilter,
): string {
  if (filter.sigma === 0) return maps;
  const kernel = gaussianKernel(filter.sigma, filter.radius);
  return [2, 3].reduce((value, axis) => {
    const size = axis === 2 ? height : width;
    if (isFilteredByMatrix(size)) {
      const matrix = builder.constant(float32([size, size], filterMatrix(filter, size)));
      return builder.op('MatMul', axis === 2 ? [matrix, value] : [value, matrix]);
    }
    const radius = (kernel.length - 1) / 2;
    const mirrored = Array.from({ length: size + 2 * radius }, (_, i) => mirror(i - radius, size));
    const indices = builder.constant(int64(mirrored));
    const padded = builder.op('Gather', [value, indices], { axis: { i: axis } });
    const sides = axis === 2 ? [kernel.length, 1] : [1, kernel.length];
    const weights = builder.constant(float32([1, 1, ...sides], kernel));
    return builder.op('Conv', [padded, weights], { kernel_shape: { is: sides } });
  }, maps);
}

export function isFilteredByMatrix(size: number): boolean {
  return size <= LARGEST_MATRIX;
}

/** The filter of a line, `[size, size]`. Symmetric, since the line goes on mirrored. */
export function filterMatrix({ sigma, radius: end }: GaussianFilter, size: number): Float64Array {
  const kernel = gaussianKernel(sigma, end);
  const radius = (kernel.length - 1) / 2;
  const matrix = new Float64Array(size ** 2);
  for (let i = 0; i < size; i++)
    for (const [k, weight] of kernel.entries())
      matrix[i * size + mirror(i + k - radius, size)]! += weight;
  return matrix;
}

/** Where a position outside 0..size−1 is read when the line goes on mirrored, with period 2·size. */
function mirror(position: number, size: number): number {
  const phase = ((position % (2 * size)) + 2 * size) % (2 * size);
  return phase < size ? phase : 2 * size - 1 - phase;
}
