/** @file InvAD's network: features of all levels in, the same features rebuilt out. N images, h and w places, C channels. */
import type {
  InvadBlock,
  InvadConvolution,
  InvadNetwork,
  InvadStage,
  InvadStyle,
} from '@plumbline/contracts';
import {
  add,
  concat,
  mean,
  mul,
  relu,
  rsqrt,
  square,
  sub,
  type Tensor,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { batchNormInference } from '../../nn/batch-norm.ts';
import { BatchNormalizations, statisticsOf } from '../../nn/running-statistics.ts';
import type { Weights } from '../../nn/weights.ts';
import { equalized, ordinary } from './convolve.ts';

type Named = Readonly<Record<string, Tensor>>;
/** A convolution and what normalizes it. */
type Normalized = (one: InvadConvolution, x: Tensor4D) => Tensor4D;

const EPSILON = 1e-5;

/**
 * With given statistics.
 * @param levels Finest first, f32 `[N, side, side, C]`.
 * @param buffers Of `invadBuffers`.
 * @returns The same shapes.
 */
export function rebuiltLevels(
  network: InvadNetwork,
  weights: Weights,
  levels: readonly Tensor4D[],
  buffers: Named,
): Tensor4D[] {
  const style = fused(network, levels, (one, x) => {
    const norm = weights.at(`${one.name}.norm`);
    return batchNormInference(
      norm,
      ordinary(one, weights, x),
      statisticsOf(buffers, one.name),
    ) as Tensor4D;
  });
  return decoded(network, weights, style);
}

/** As `rebuiltLevels` in training, with the running statistics after the batch. */
export function rebuiltLevelsOfBatch(
  network: InvadNetwork,
  weights: Weights,
  levels: readonly Tensor4D[],
  buffers: Named,
): { readonly levels: Tensor4D[]; readonly buffers: Record<string, Tensor> } {
  const normalizations = new BatchNormalizations(buffers);
  const style = fused(network, levels, (one, x) => {
    const norm = weights.at(`${one.name}.norm`);
    return normalizations.normalize(one.name, norm, ordinary(one, weights, x)) as Tensor4D;
  });
  return { levels: decoded(network, weights, style), buffers: normalizations.next };
}

/** The first style map, at the coarsest grid. */
function fused(
  { reductions, join, bottleneck }: InvadNetwork,
  levels: readonly Tensor4D[],
  normalized: Normalized,
): Tensor4D {
  const reduced = reductions.map((one, level) => normalized(one, levels[level] as Tensor4D));
  const joined = relu(
    normalized(join, reduced.length === 1 ? (reduced[0] as Tensor4D) : concat(reduced, -1)),
  );
  const inside = bottleneck.reduce(
    (x, one, place) => normalized(one, place === 0 ? x : relu(x)),
    joined,
  );
  return relu(add<Tensor4D>(inside, joined));
}

/** @returns Finest first. */
function decoded(network: InvadNetwork, weights: Weights, fusedStyle: Tensor4D): Tensor4D[] {
  const { start, stages } = network;
  const rebuilt: Tensor4D[] = [];
  let style = fusedStyle;
  // The same for every image; led by the style from the first block on.
  let x = equalized(start, weights, weights.tensor('constant') as Tensor4D);
  for (const stage of stages) {
    style = through(stage.style, weights, style);
    x = stageOf(stage, weights, x, through(stage.latent, weights, style));
    rebuilt.unshift(x);
  }
  return rebuilt;
}

function through(
  convolutions: readonly InvadConvolution[],
  weights: Weights,
  x: Tensor4D,
): Tensor4D {
  return convolutions.reduce((y, one) => equalized(one, weights, y), x);
}

function stageOf(stage: InvadStage, weights: Weights, x: Tensor4D, latent: Tensor4D): Tensor4D {
  return stage.blocks.reduce((y, block) => blockOf(block, weights, y, latent), x);
}

/** (second(led(first(led(x)))) + skip(x)) / √2. */
function blockOf(
  { first, second, skip, styles }: InvadBlock,
  weights: Weights,
  x: Tensor4D,
  latent: Tensor4D,
): Tensor4D {
  const inner = equalized(first, weights, led(styles[0], weights, x, latent));
  const outer = equalized(second, weights, led(styles[1], weights, inner, latent));
  return mul(add(outer, equalized(skip, weights, x)), Math.SQRT1_2);
}

/** Each image's map normalized as a whole, then scaled and shifted place by place. Without a style it is normalized alone. */
export function led(
  style: InvadStyle | null,
  weights: Weights,
  x: Tensor4D,
  latent: Tensor4D,
): Tensor4D {
  const centered = sub(x, mean(x, [1, 2, 3], true));
  const normalized: Tensor4D = mul(
    centered,
    rsqrt(add(mean(square(centered), [1, 2, 3], true), EPSILON)),
  );
  if (style === null) return normalized;
  const [scale, shift] = style.map((one) => equalized(one, weights, latent)) as [
    Tensor4D,
    Tensor4D,
  ];
  return add(mul(normalized, scale), shift);
}
