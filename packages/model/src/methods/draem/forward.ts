/** @file DRAEM's two networks: an image in, the same without its defect and two logits per pixel out. N images, S pixels a side. */
import type { DraemNetwork, Unet, UnetConvolution } from '@plumbline/contracts';
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
import { BatchNormalizations, statisticsOf } from '../../nn/running-statistics.ts';
import type { Weights } from '../../nn/weights.ts';

type Named = Readonly<Record<string, Tensor>>;

/** A convolution and what normalizes it. */
type Normalized = (convolution: UnetConvolution, x: Tensor4D) => Tensor;

export interface DraemOutputs {
  /** f32 `[N, S, S, 3]`. */
  readonly rebuilt: Tensor4D;
  /** Of normal and of defective, f32 `[N, S, S, 2]`. */
  readonly logits: Tensor4D;
}

/**
 * With given statistics, which are part of the filters.
 * @param images f32 `[N, S, S, 3]`, colors 0 to 1.
 * @param buffers Of `draemBuffers`.
 */
export function draemOutputs(
  network: DraemNetwork,
  weights: Weights,
  images: Tensor4D,
  buffers: Named,
): DraemOutputs {
  return forward(network, weights, images, (convolution, x) => {
    const layer = weights.at(convolution.name);
    const { mean, variance } = statisticsOf(buffers, convolution.name);
    const scale = mul(layer.tensor('norm.weight'), rsqrt(add(variance, EPSILON))); // [O]
    const filters = mul(layer.tensor('weight'), scale) as Tensor4D;
    const shift = mul(sub(layer.tensor('bias'), mean), scale);
    return add(conv2d(x, filters, 1, 'same'), add(shift, layer.tensor('norm.bias')));
  });
}

/** As PyTorch's. */
const EPSILON = 1e-5;

/** As `draemOutputs` in training, with the running statistics after the batch. */
export function draemOutputsOfBatch(
  network: DraemNetwork,
  weights: Weights,
  images: Tensor4D,
  buffers: Named,
): DraemOutputs & { readonly buffers: Record<string, Tensor> } {
  const normalizations = new BatchNormalizations(buffers);
  const outputs = forward(network, weights, images, (convolution, x) => {
    const { name } = convolution;
    const y = convolve(weights.at(name), x);
    return normalizations.normalize(name, weights.at(`${name}.norm`), y);
  });
  return { ...outputs, buffers: normalizations.next };
}

function forward(
  { rebuilding, separating }: DraemNetwork,
  weights: Weights,
  images: Tensor4D,
  normalized: Normalized,
): DraemOutputs {
  const rebuilt = through(rebuilding, weights, images, normalized);
  const both = concat([rebuilt, images], -1);
  return { rebuilt, logits: through(separating, weights, both, normalized) };
}

function through(net: Unet, weights: Weights, images: Tensor4D, normalized: Normalized): Tensor4D {
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

function convolve(layer: Weights, x: Tensor4D): Tensor4D {
  return add(conv2d(x, layer.tensor('weight') as Tensor4D, 1, 'same'), layer.tensor('bias'));
}
