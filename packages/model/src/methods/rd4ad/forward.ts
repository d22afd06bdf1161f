/** @file RD4AD's network: features of all levels in, the same features rebuilt out. N images, L positions, C channels. */
import type { ReverseBlock, ReverseConvolution, ReverseNetwork } from '@plumbline/contracts';
import {
  add,
  concat,
  mul,
  relu,
  rsqrt,
  sub,
  type Tensor,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { BatchNormalizations, statisticsOf } from '../../nn/running-statistics.ts';
import type { Weights } from '../../nn/weights.ts';
import { convolve } from './convolve.ts';

type Named = Readonly<Record<string, Tensor>>;

/** A convolution and what normalizes it. */
type Normalized = (convolution: ReverseConvolution, x: Tensor4D) => Tensor4D;

/**
 * With given statistics, which are part of the filters.
 * @param levels Finest first, f32 `[N, side, side, C]`.
 * @param buffers Of `reverseBuffers`.
 * @returns The same shapes.
 */
export function rebuiltLevels(
  network: ReverseNetwork,
  weights: Weights,
  levels: readonly Tensor4D[],
  buffers: Named,
): Tensor4D[] {
  return rebuild(network, levels, (convolution, x) => {
    const layer = weights.at(convolution.name);
    const { mean, variance } = statisticsOf(buffers, convolution.name);
    const scale = mul(layer.tensor('norm.weight'), rsqrt(add(variance, EPSILON))); // [O]
    const filters = layer.tensor('weight');
    // Of a transposed convolution the outputs of all four places are side by side.
    const scales = convolution.kernel === 2 ? concat([scale, scale, scale, scale]) : scale;
    const shift = sub(layer.tensor('norm.bias'), mul(mean, scale));
    return add(convolve(convolution, x, mul(filters, scales)), shift);
  });
}

/** As PyTorch's. */
const EPSILON = 1e-5;

/** As `rebuiltLevels` in training, with the running statistics after the batch. */
export function rebuiltLevelsOfBatch(
  network: ReverseNetwork,
  weights: Weights,
  levels: readonly Tensor4D[],
  buffers: Named,
): { readonly levels: Tensor4D[]; readonly buffers: Record<string, Tensor> } {
  const normalizations = new BatchNormalizations(buffers);
  const rebuilt = rebuild(network, levels, (convolution, x) => {
    const { name } = convolution;
    const layer = weights.at(name);
    const y = convolve(convolution, x, layer.tensor('weight'));
    return normalizations.normalize(name, layer.at('norm'), y) as Tensor4D;
  });
  return { levels: rebuilt, buffers: normalizations.next };
}

function rebuild(
  { reductions, embedding, stages }: ReverseNetwork,
  levels: readonly Tensor4D[],
  normalized: Normalized,
): Tensor4D[] {
  const reduced = reductions.map((convolutions, level) =>
    convolutions.reduce((x, one) => relu(normalized(one, x)), levels[level] as Tensor4D),
  );
  const through = (blocks: readonly ReverseBlock[], x: Tensor4D) =>
    blocks.reduce((y, block) => blockOf(block, y, normalized), x);
  const rebuilt: Tensor4D[] = [];
  let x = through(embedding, reduced.length === 1 ? (reduced[0] as Tensor4D) : concat(reduced, -1));
  for (const stage of stages) {
    x = through(stage, x);
    rebuilt.unshift(x);
  }
  return rebuilt;
}

function blockOf(
  { convolutions, shortcut }: ReverseBlock,
  x: Tensor4D,
  normalized: Normalized,
): Tensor4D {
  const y = convolutions.reduce(
    (inside, one, place) => normalized(one, place === 0 ? inside : relu(inside)),
    x,
  );
  const sum: Tensor4D = add(y, shortcut === null ? x : normalized(shortcut, x));
  return relu(sum);
}
