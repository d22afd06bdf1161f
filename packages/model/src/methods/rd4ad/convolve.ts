/** @file The convolutions of RD4AD. N images, h and w places of a grid, I and O channels. */
import type { ReverseConvolution } from '@plumbline/contracts';
import {
  conv2d,
  matMul,
  reshape,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  transpose,
} from '@tensorflow/tfjs-core';

/**
 * @param x f32 `[N, h, w, I]`.
 * @param filters As `reverseParameters` has them.
 * @returns f32 `[N, h', w', O]`.
 */
export function convolve(
  { kernel, scale }: ReverseConvolution,
  x: Tensor4D,
  filters: Tensor,
): Tensor4D {
  if (kernel === 2) return doubleGrid(x, filters as Tensor2D);
  if (kernel === 1 && scale === 'keep') return pointwise(x, filters);
  const around: [number, number] = kernel === 3 ? [1, 1] : [0, 0];
  const stride = scale === 'halve' ? 2 : 1;
  return conv2d(x, filters as Tensor4D, stride, [[0, 0], around, around, [0, 0]]);
}

function pointwise(x: Tensor4D, filters: Tensor): Tensor4D {
  const [inChannels = 1, outChannels = 1] = filters.shape.slice(-2);
  const rows = reshape(x, [-1, inChannels]);
  const product = matMul(rows as Tensor2D, reshape(filters, [inChannels, outChannels]) as Tensor2D);
  return reshape(product, [-1, x.shape[1], x.shape[2], outChannels]);
}

/**
 * A transposed convolution of 2×2 with stride 2: each place becomes the four of its square (depth to space).
 *
 *     y[n, 2h + a, 2w + b, o] = Σ_i x[n, h, w, i] · filters[i, (2a + b)·O + o]
 *
 * @param x f32 `[N, h, w, I]`.
 * @param filters f32 `[I, 4·O]`.
 * @returns f32 `[N, 2h, 2w, O]`.
 */
export function doubleGrid(x: Tensor4D, filters: Tensor2D): Tensor4D {
  const [, height, width, inChannels] = x.shape;
  const outChannels = filters.shape[1] / 4;
  const places = matMul(reshape(x, [-1, inChannels]) as Tensor2D, filters); // [N·h·w, (a, b, O)]
  const rows = reshape(places, [-1, width, 2, 2 * outChannels]);
  const apart = transpose(rows, [0, 2, 1, 3]); // [N·h, a, w, (b, O)]
  return reshape(apart, [-1, 2 * height, 2 * width, outChannels]);
}
