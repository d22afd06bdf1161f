/** @file RLR's training loss and the corruption of its input. */
import {
  add,
  div,
  mean,
  mul,
  slice,
  squaredDifference,
  sub,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { jitter } from '../../nn/jitter.ts';
import { cosineSimilarity } from '../../nn/layers.ts';
import { type Parameters, parameter } from '../../nn/parameters.ts';
import type { RlrNetworkConfig } from './config.ts';
import { rlrForward } from './forward.ts';

/** How the input of a training step is corrupted, so that copying it does not pay. */
export interface Corruption {
  readonly jitterScale: number;
  /** Sets tokens to zero in place of jittering them. */
  readonly maskTokens: boolean;
}

/** @param noise Jitter: f32 `[N, L, C]`, standard normal or 0. Masking: f32 `[N, L, 1]`, 0 for the masked tokens. */
export function corrupt(tokens: Tensor, noise: Tensor, corruption: Corruption): Tensor {
  return corruption.maskTokens ? mul(tokens, noise) : jitter(tokens, noise, corruption.jitterScale);
}

/**
 * mean((y − x)²) + mean over tokens of (1 − cos(y, x)), y reconstructed from the corrupted tokens, x the clean ones; with
 * `referenceLoss` the mean cosine between the reference maps is added.
 * @returns Scalar.
 */
export function rlrLoss(
  parameters: Parameters,
  tokens: Tensor,
  noise: Tensor,
  corruption: Corruption,
  config: RlrNetworkConfig,
): Tensor {
  const output = rlrForward(parameters, corrupt(tokens, noise, corruption), config);
  const reconstruction = add(
    mean(squaredDifference(output, tokens)),
    sub(1, mean(cosineSimilarity(output, tokens))),
  );
  return config.referenceLoss
    ? add(reconstruction, referenceLoss(parameters, config))
    : reconstruction;
}

/** Σ_{i<j} mean cos(R_i, R_j) / ((R−1)·R). */
function referenceLoss(parameters: Parameters, config: RlrNetworkConfig): Tensor {
  const count = config.referenceLength;
  const length = config.grid * config.grid;
  const reference = parameter(parameters, 'ref_mca');
  const map = (index: number) =>
    slice(reference, [0, index * length, 0], [1, length, config.channels]);
  let total: Tensor | null = null;
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      const term = mean(cosineSimilarity(map(i), map(j)));
      total = total === null ? term : add(total, term);
    }
  }
  if (total === null) throw new Error('referenceLoss needs referenceLength > 1.');
  return div(total, (count - 1) * count);
}
