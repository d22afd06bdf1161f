/** @file RLR's patch scores. */
import { add, mean, squaredDifference, sub, type Tensor } from '@tensorflow/tfjs-core';
import { cosineSimilarity } from '../../nn/layers.ts';
import type { Parameters } from '../../nn/parameters.ts';
import type { RlrNetworkConfig } from './config.ts';
import { rlrForward } from './forward.ts';

/**
 * mean_c (x − y)² + 1 − cos(x, y), y the reconstruction of the clean tokens.
 * @param tokens f32 `[N, L, C]`.
 * @returns f32 `[N, L]`, at least 0.
 */
export function rlrScore(parameters: Parameters, tokens: Tensor, config: RlrNetworkConfig): Tensor {
  const output = rlrForward(parameters, tokens, config);
  return add(mean(squaredDifference(tokens, output), -1), sub(1, cosineSimilarity(tokens, output)));
}
