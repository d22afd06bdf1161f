/**
 * @file FastFlow's two-dimensional flow of one level (Yu et al., arXiv 2111.07677; as gathierry/FastFlow has it). L = side²
 * places, C channels, N images.
 */
import type { FeatureLevel } from '@plumbline/contracts';
import { add, conv2d, relu, reshape, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { couplingForward, type Flowed, type Mixing, randomMixing } from '../../nn/coupling.ts';
import { layerNorm } from '../../nn/layers.ts';
import type { Weights } from '../../nn/weights.ts';
import type { Streams } from '../../training/streams.ts';

const CLAMP = 2;

/** For each level how its blocks order the channels. */
export function fastflowMixings(
  levels: readonly FeatureLevel[],
  blocks: number,
  random: Streams,
): Mixing[][] {
  return levels.map(({ tap, channels }) =>
    Array.from({ length: blocks }, (_, block) =>
      randomMixing('hard', channels, random('mixing', tap, block)),
    ),
  );
}

/**
 * @param weights Of the level.
 * @param tokens f32 `[N, L, C]`.
 * @returns `values` f32 `[N, side, side, C]`; log-determinants of each place, f32 `[N, side, side]`, whose sum is that of the map.
 */
export function levelFlow(mixings: readonly Mixing[], weights: Weights, tokens: Tensor): Flowed {
  const [images = 1, places = 1, channels = 1] = tokens.shape;
  const side = Math.round(Math.sqrt(places));
  const norm = weights.at('norm');
  const flat = reshape(tokens, [images, places * channels]);
  const normalized = layerNorm(flat, norm.tensor('weight'), norm.tensor('bias'));
  let values = reshape(normalized, [images, side, side, channels]);
  const logDeterminants = mixings.map((mixing, block) => {
    const next = couplingForward(
      { clamp: CLAMP, mixing, subnet },
      weights.at(`blocks.${block}`),
      values,
    );
    values = next.values;
    return next.logDeterminants;
  });
  return { values, logDeterminants: logDeterminants.reduce((total, own) => add(total, own)) };
}

/** Two convolutions of the same kernel, ReLU between them. f32 `[N, side, side, …]`. */
function subnet(weights: Weights, kept: Tensor): Tensor {
  return convolved(weights, 'out', relu(convolved(weights, 'hidden', kept)));
}

function convolved(weights: Weights, name: string, x: Tensor): Tensor {
  const filter = weights.at(name).tensor('weight');
  if (filter.rank === 2) return weights.linear(name, x);
  const result: Tensor = conv2d(x as Tensor4D, filter as Tensor4D, 1, 'same');
  return add(result, weights.at(name).tensor('bias'));
}
