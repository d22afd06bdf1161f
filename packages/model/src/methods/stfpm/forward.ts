/** @file The student: the backbone's layers with weights of its own. N images, C channels. */
import {
  add,
  conv2d,
  maxPool,
  relu,
  type Tensor,
  type Tensor4D,
  transpose,
} from '@tensorflow/tfjs-core';
import { batchNormInference } from '../../nn/batch-norm.ts';
import { BatchNormalizations, statisticsOf } from '../../nn/running-statistics.ts';
import type { Weights } from '../../nn/weights.ts';
import type { Architecture, Layer } from './architecture.ts';

type Named = Readonly<Record<string, Tensor>>;

/** How what a convolution gives is normalized. @param name Of the convolution. */
type Normalize = (name: string, x: Tensor) => Tensor;

/**
 * With given statistics.
 * @param pixels f32 `[N, 3, S, S]`.
 * @param buffers Of `studentBuffers`.
 * @returns For each tap f32 `[N, h, w, C]`.
 */
export function studentTaps(
  architecture: Architecture,
  weights: Weights,
  pixels: Tensor,
  buffers: Named,
): Tensor[] {
  return forward(architecture, weights, pixels, (name, x) =>
    batchNormInference(weights.at(`${name}.norm`), x, statisticsOf(buffers, name)),
  );
}

/** As `studentTaps` in training, with the running statistics after the batch. */
export function studentTapsOfBatch(
  architecture: Architecture,
  weights: Weights,
  pixels: Tensor,
  buffers: Named,
): { readonly taps: Tensor[]; readonly buffers: Record<string, Tensor> } {
  const normalizations = new BatchNormalizations(buffers);
  const taps = forward(architecture, weights, pixels, (name, x) =>
    normalizations.normalize(name, weights.at(`${name}.norm`), x),
  );
  return { taps, buffers: normalizations.next };
}

function forward(
  { input, layers, taps }: Architecture,
  weights: Weights,
  pixels: Tensor,
  normalize: Normalize,
): Tensor[] {
  const values = new Map([[input, transpose(pixels, [0, 2, 3, 1])]]);
  for (const [name, layer] of layers)
    values.set(
      name,
      apply(layer, (value) => values.get(value) as Tensor, { weights, normalize }),
    );
  return taps.map((tap) => values.get(tap) as Tensor);
}

function apply(
  layer: Layer,
  at: (value: string) => Tensor,
  { weights, normalize }: { readonly weights: Weights; readonly normalize: Normalize },
): Tensor {
  if (layer.kind === 'sum') return add(at(layer.inputs[0]), at(layer.inputs[1]));
  const x = at(layer.input) as Tensor4D;
  if (layer.kind === 'same') return x;
  if (layer.kind === 'relu') return relu(x);
  const { kernel, strides, padding } = layer;
  const [rows, columns] = padding;
  const pads: [Pair, Pair, Pair, Pair] = [[0, 0], [...rows], [...columns], [0, 0]];
  if (layer.kind === 'maxPool') return maxPool(x, [...kernel], [...strides], pads);
  const filters = weights.tensor(`${layer.name}.weight`) as Tensor4D;
  return normalize(layer.name, conv2d(x, filters, [...strides], pads));
}

type Pair = [number, number];
