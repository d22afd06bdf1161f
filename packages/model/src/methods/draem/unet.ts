/** @file The U-Nets of DRAEM and DiffusionAD: convolutions with a normalization and a ReLU each. N images, S pixels a side. */
import type { Unet, UnetConvolution } from '@plumbline/contracts';
import {
  add,
  concat,
  conv2d,
  maxPool,
  mul,
  relu,
  rsqrt,
  sub,
  type Tensor,
  type Tensor4D,
  image as tfImage,
} from '@tensorflow/tfjs-core';
import { type BatchNormalizations, statisticsOf } from '../../nn/running-statistics.ts';
import type { Weights } from '../../nn/weights.ts';

/** A convolution and what normalizes it. */
export type Normalized = (convolution: UnetConvolution, x: Tensor4D) => Tensor;

/** As PyTorch's. */
const EPSILON = 1e-5;

/** With given statistics, which become part of the filters. @param buffers Of `unetBuffers`. */
export function byStatistics(
  weights: Weights,
  buffers: Readonly<Record<string, Tensor>>,
): Normalized {
  return ({ name }, x) => {
    const layer = weights.at(name);
    const { mean, variance } = statisticsOf(buffers, name);
    const scale = mul(layer.tensor('norm.weight'), rsqrt(add(variance, EPSILON))); // [O]
    const filters = mul(layer.tensor('weight'), scale) as Tensor4D;
    const shift = mul(sub(layer.tensor('bias'), mean), scale);
    return add(conv2d(x, filters, 1, 'same'), add(shift, layer.tensor('norm.bias')));
  };
}

/** With the statistics of the batch. */
export function byBatch(weights: Weights, normalizations: BatchNormalizations): Normalized {
  return ({ name }, x) =>
    normalizations.normalize(name, weights.at(`${name}.norm`), convolve(weights.at(name), x));
}

/** @param images f32 `[N, S, S, in]`. @returns f32 `[N, S, S, out]`. */
export function throughUnet(
  net: Unet,
  weights: Weights,
  images: Tensor4D,
  normalized: Normalized,
): Tensor4D {
  const layer = (x: Tensor4D, one: UnetConvolution) => relu(normalized(one, x)) as Tensor4D;
  const found: Tensor4D[] = [];
  for (const block of net.encoder) {
    const before = found.at(-1);
    found.push(block.reduce(layer, before === undefined ? images : maxPool(before, 2, 2, 'valid')));
  }
  let x = found.pop() as Tensor4D;
  for (const { up, block } of net.decoder) {
    const skipped = found.pop() as Tensor4D;
    const [, height = 1, width = 1] = skipped.shape;
    const larger = layer(tfImage.resizeBilinear(x, [height, width], true), up);
    x = block.reduce(layer, net.skips ? concat([larger, skipped], -1) : larger);
  }
  return convolve(weights.at(net.last.name), x);
}

/** 3×3 with bias that keeps the grid. @param layer With `weight` f32 `[3, 3, in, out]` and `bias`. */
export function convolve(layer: Weights, x: Tensor4D): Tensor4D {
  return add(conv2d(x, layer.tensor('weight') as Tensor4D, 1, 'same'), layer.tensor('bias'));
}
