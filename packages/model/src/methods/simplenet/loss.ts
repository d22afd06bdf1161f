/**
 * @file SimpleNet's loss: normal patches are to score above a margin, the same with noise below its negative; and CRAS's,
 * the cross-entropy, with noise that is guided by how far a patch is from its center.
 */
import type { SimpleNetPreset } from '@plumbline/contracts';
import {
  add,
  concat,
  div,
  maximum,
  mean,
  mul,
  neg,
  relu,
  slice,
  softplus,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { Weights } from '../../nn/weights.ts';
import { type Centers, nearestPatches, withoutGradient } from './centers.ts';
import { adapt, judge, judgeBatch } from './forward.ts';

const MARGIN = 0.5;
/** Of the mean distance to the centers: nearer patches count as if they were so far, so that noise stays finite. */
const SMALLEST_SHARE = 0.01;

/** What a loss is computed from. R patches of D channels. */
export interface NoisyPatches extends Pick<SimpleNetPreset, 'guidance' | 'loss'> {
  /** f32 `[R, D]`. */
  readonly patches: Tensor;
  /** Standard normal, f32 `[R, D]`. */
  readonly noise: Tensor;
  /** Standard deviation of what is added. */
  readonly scale: number;
  readonly centers: Centers | null;
}

type Named = Readonly<Record<string, Tensor>>;

/** Hinge: mean relu(½ − D(x)) + mean relu(½ + D(x + noise)), x adapted; both go through the discriminator in one batch. */
export function trainingLoss(
  weights: Weights,
  given: NoisyPatches,
  running: Named,
): { readonly loss: Tensor; readonly running: Record<string, Tensor> } {
  const judged = judgeBatch(weights, bothKinds(weights, given), running);
  return { loss: lossOf(judged.scores, given.loss), running: judged.running };
}

/** The same with statistics that are given. */
export function heldOutLoss(weights: Weights, given: NoisyPatches, running: Named): Tensor {
  return lossOf(judge(weights, bothKinds(weights, given), running), given.loss);
}

/** What the discriminator reads of adapted patches, and of the same with noise after them: f32 `[2R, D]`, with centers `[2R, 2D]`. */
function bothKinds(weights: Weights, given: NoisyPatches): Tensor {
  const { patches, noise, scale, centers } = given;
  const adapted = adapt(weights, patches);
  if (centers === null) return concat([adapted, add(adapted, mul(noise, scale))], 0);
  const nearest = nearestPatches(adapted, centers);
  const spread = withoutGradient(adapted, (x) =>
    guidedNoise(mul(noise, scale), sub(x, nearest), given.guidance),
  );
  return concat(
    [besideResidual(adapted, nearest), besideResidual(add(adapted, spread), nearest)],
    0,
  );
}

/** A patch and how it differs from what it is compared with: f32 `[R, 2D]`. */
export function besideResidual(patches: Tensor, nearest: Tensor): Tensor {
  return concat([patches, sub(patches, nearest)], 1);
}

/**
 * Noise n of each patch times s, with s' = ‖n‖ / ‖r‖ over its mean and s = 1 + k·(s' − 1): 1 on average.
 * @param noise n, f32 `[R, D]`.
 * @param residuals r, f32 `[R, D]`.
 * @param guidance k.
 */
export function guidedNoise(noise: Tensor, residuals: Tensor, guidance: number): Tensor {
  if (guidance === 0) return noise;
  const distances = lengths(residuals);
  const ratios = div(
    lengths(noise),
    maximum(distances, add(mul(mean(distances), SMALLEST_SHARE), 1e-12)),
  );
  const factors = add(1, mul(guidance, sub(div(ratios, mean(ratios)), 1)));
  return mul(noise, factors);
}

/** f32 `[R, 1]`. */
function lengths(x: Tensor): Tensor {
  return sqrt(sum(square(x), 1, true));
}

/** @param scores f32 `[2R]`, those of normal patches first. */
function lossOf(scores: Tensor, kind: SimpleNetPreset['loss']): Tensor {
  const half = scores.size / 2;
  const normal = slice(scores, [0], [half]);
  const noisy = slice(scores, [half], [half]);
  if (kind === 'crossEntropy') return add(mean(softplus(neg(normal))), mean(softplus(noisy)));
  return add(mean(relu(sub(MARGIN, normal))), mean(relu(add(noisy, MARGIN))));
}
