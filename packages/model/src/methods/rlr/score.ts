/** @file RLR's patch scores. */
import { add, mean, mul, squaredDifference, sub, type Tensor } from '@tensorflow/tfjs-core';
import { cosineSimilarity } from '../../nn/layers.ts';
import type { Parameters } from '../../nn/parameters.ts';
import type { RlrNetworkConfig } from './config.ts';
import { rlrForward } from './forward.ts';

/** What the two parts of a patch score count for. */
export interface ScoreWeights {
  readonly squared: number;
  readonly cosine: number;
}

/** As released. */
export const RELEASED_SCORE: ScoreWeights = { squared: 1, cosine: 1 };

export interface ScoreParts {
  /** mean_c (x − y)², f32 `[N, L]`. */
  readonly squared: Tensor;
  /** 1 − cos(x, y), f32 `[N, L]`. */
  readonly cosine: Tensor;
}

/**
 * How far clean tokens x are from their reconstruction y.
 * @param tokens f32 `[N, L, C]`.
 */
function scoreParts(parameters: Parameters, tokens: Tensor, config: RlrNetworkConfig): ScoreParts {
  const output = rlrForward(parameters, tokens, config);
  return {
    squared: mean(squaredDifference(tokens, output), -1),
    cosine: sub(1, cosineSimilarity(tokens, output)),
  };
}

/**
 * Both parts, weighted.
 * @param tokens f32 `[N, L, C]`.
 * @returns f32 `[N, L]`, at least 0.
 */
export function rlrScore(
  parameters: Parameters,
  tokens: Tensor,
  config: RlrNetworkConfig,
  weights: ScoreWeights = RELEASED_SCORE,
): Tensor {
  const { squared, cosine } = scoreParts(parameters, tokens, config);
  return add(times(squared, weights.squared), times(cosine, weights.cosine));
}

function times(x: Tensor, weight: number): Tensor {
  return weight === 1 ? x : mul(x, weight);
}
