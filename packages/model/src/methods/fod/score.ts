/** @file FOD's patch scores: how badly a patch is rebuilt, weighed by how its attention to the reference departs from what lies nearby. */
import type { FodPreset } from '@plumbline/contracts';
import {
  add,
  addN,
  div,
  max,
  mean,
  mul,
  neg,
  relu,
  softmax,
  squaredDifference,
  sub,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { cosineSimilarity } from '../../nn/layers.ts';
import { constantParameters } from '../../nn/parameters.ts';
import { BATCH, type TensorProgram } from '../../trace/index.ts';
import { tokenInputs } from '../step-feeds.ts';
import { divergences } from './loss.ts';
import { type FodLevel, type FodModel, fodLevels } from './network.ts';
import { fodParameters } from './parameters.ts';

/**
 * rec·(max c − c): rec the mean squared difference and 1 − cosine of a token, c the softmax over the image's tokens of minus
 * the divergence of attention to the reference from what lies nearby, mean over layers and heads.
 * @returns f32 `[N, L]`.
 */
function patchScores(
  { tokens, output: { rebuilt, inter } }: FodLevel,
  score: FodPreset['score'],
): Tensor {
  // Rounding makes some cosines larger than 1.
  const reconstruction = add(
    mean(squaredDifference(rebuilt, tokens), -1),
    relu(sub(1, cosineSimilarity(rebuilt, tokens))),
  );
  if (score === 'reconstruction') return reconstruction;
  const apart = div(addN(inter.map((one) => mean(divergences(one), 0))), inter.length); // [N, L]
  const closeness = softmax(neg(apart));
  return mul(reconstruction, sub(max(closeness, -1, true), closeness));
}

/** Inputs `tokens0…` f32 `[N, L, C]`, outputs `scores0…` f32 `[N, L]`; batch open. */
export function scoresProgram(model: FodModel, weights: Float32Array): TensorProgram {
  const { levels, networks, preset } = model;
  return {
    name: 'fod-scores',
    inputs: tokenInputs(levels, BATCH),
    batchPlaceholder: BATCH,
    body: (given) => {
      const parameters = constantParameters(fodParameters(networks), weights);
      const scores = fodLevels(model, parameters, given).map(
        (level, index) => [`scores${index}`, patchScores(level, preset.score)] as const,
      );
      return Object.fromEntries(scores);
    },
  };
}
