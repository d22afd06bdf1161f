/** @file SimpleNet's loss: normal patches are to score above a margin, the same with noise below its negative. */
import { add, concat, mean, mul, relu, slice, sub, type Tensor } from '@tensorflow/tfjs-core';
import type { BatchStatistics } from '../../nn/batch-norm.ts';
import type { Weights } from '../../nn/weights.ts';
import { adapt, judge, judgeBatch } from './forward.ts';

const MARGIN = 0.5;

/** What a loss is computed from. R patches of D channels. */
export interface NoisyPatches {
  /** f32 `[R, D]`. */
  readonly patches: Tensor;
  /** Standard normal, f32 `[R, D]`. */
  readonly noise: Tensor;
  /** Standard deviation of what is added. */
  readonly scale: number;
}

/** mean relu(½ − D(x)) + mean relu(½ + D(x + noise)), x adapted; both go through the discriminator in one batch. */
export function trainingLoss(
  weights: Weights,
  given: NoisyPatches,
  running: BatchStatistics,
): { readonly loss: Tensor; readonly running: BatchStatistics } {
  const judged = judgeBatch(weights, bothKinds(weights, given), running);
  return { loss: hinge(judged.scores), running: judged.running };
}

/** The same with statistics that are given. */
export function heldOutLoss(
  weights: Weights,
  given: NoisyPatches,
  running: BatchStatistics,
): Tensor {
  return hinge(judge(weights, bothKinds(weights, given), running));
}

/** Adapted patches, and the same with noise after them: f32 `[2R, D]`. */
function bothKinds(weights: Weights, { patches, noise, scale }: NoisyPatches): Tensor {
  const adapted = adapt(weights, patches);
  return concat([adapted, add(adapted, mul(noise, scale))], 0);
}

/** @param scores f32 `[2R]`, those of normal patches first. */
function hinge(scores: Tensor): Tensor {
  const half = scores.size / 2;
  const normal = slice(scores, [0], [half]);
  const noisy = slice(scores, [half], [half]);
  return add(mean(relu(sub(MARGIN, normal))), mean(relu(add(noisy, MARGIN))));
}
