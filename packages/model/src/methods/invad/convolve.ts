/** @file The convolutions of InvAD. N images, h and w places of a grid, I and O channels. */
import type { InvadConvolution } from '@plumbline/contracts';
import {
  add,
  conv2d,
  conv2dTranspose,
  leakyRelu,
  matMul,
  mul,
  reshape,
  type Tensor,
  type Tensor4D,
  tensor,
} from '@tensorflow/tfjs-core';
import type { Weights } from '../../nn/weights.ts';
import { filterScale, isTransposed } from './parameters.ts';

const SLOPE = 0.2;
/** Blurs what is doubled, in each direction: [1, 3, 3, 1] normalized, twice, since every second place is empty. */
const BLUR = [0.25, 0.75, 0.75, 0.25] as const;

/** An equalized convolution with what follows it. @param x f32 `[N, h, w, I]`. @returns f32 `[N, h', w', O]`. */
export function equalized(one: InvadConvolution, weights: Weights, x: Tensor4D): Tensor4D {
  const layer = weights.at(one.name);
  const filters = mul(layer.tensor('weight'), filterScale(one)) as Tensor4D;
  const y = one.scale === 'double' ? doubled(one, x, filters) : same(one, x, filters);
  if (one.kind === 'plain') return y;
  const shifted: Tensor4D = add(y, layer.tensor('bias'));
  return one.kind === 'active' ? mul(leakyRelu(shifted, SLOPE), Math.SQRT2) : shifted;
}

/** Of a convolution that is normalized, before that. */
export function ordinary(one: InvadConvolution, weights: Weights, x: Tensor4D): Tensor4D {
  const layer = weights.at(one.name);
  const filters = layer.tensor('weight') as Tensor4D;
  const y =
    one.scale === 'shrink' ? conv2d(x, filters, one.kernel, 'valid') : same(one, x, filters);
  return one.isBiased ? add(y, layer.tensor('bias')) : y;
}

function same({ kernel }: InvadConvolution, x: Tensor4D, filters: Tensor4D): Tensor4D {
  const around: [number, number] = [(kernel - 1) / 2, (kernel - 1) / 2];
  return conv2d(x, filters, 1, [[0, 0], around, around, [0, 0]]);
}

/** A transposed convolution with stride 2, then the blur. */
function doubled(one: InvadConvolution, x: Tensor4D, filters: Tensor4D): Tensor4D {
  const [images, side] = x.shape;
  if (!isTransposed(one)) return alongBoth(same(one, x, filters), doublingMatrix(side));
  const wide = 2 * side + 1;
  const shape: [number, number, number, number] = [images, wide, wide, one.outChannels];
  return alongBoth(conv2dTranspose(x, filters, shape, 2, 'valid'), blurMatrix(wide));
}

/** `[side − 1, side]`: the blur, zeros beyond one place of the border. */
function blurMatrix(side: number): Tensor {
  return bandMatrix(side - 1, side, (out, into) => into - out + 1);
}

/** `[2·side, side]`: a place after each, then the blur, zeros beyond two places of the border. */
function doublingMatrix(side: number): Tensor {
  return bandMatrix(2 * side, side, (out, into) => 2 * into - out + 2);
}

/** @param place Of the blur's four, by which output and input meet. */
function bandMatrix(
  rows: number,
  columns: number,
  place: (out: number, into: number) => number,
): Tensor {
  const values = Float32Array.from({ length: rows * columns }, (_, i) => {
    return BLUR[place(Math.floor(i / columns), i % columns)] ?? 0;
  });
  return tensor(values, [rows, columns]);
}

/** @param x f32 `[N, s, s, C]`. @param matrix f32 `[S, s]`. @returns f32 `[N, S, S, C]`. */
function alongBoth(x: Tensor4D, matrix: Tensor): Tensor4D {
  const [images, side, , channels] = x.shape;
  const [out = 1] = matrix.shape;
  const rows = matMul(matrix, reshape(x, [images, side, side * channels])); // [N, S, s·C]
  const both = matMul(matrix, reshape(rows, [images * out, side, channels])); // [N·S, S, C]
  return reshape(both, [images, out, out, channels]);
}
