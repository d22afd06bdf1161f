/** @file DiffusionAD's loss: of the predicted noise, and of the mask. N images, S pixels a side. */
import {
  add,
  div,
  max,
  maximum,
  mean,
  mul,
  sigmoid,
  softplus,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import type { DiffusionOutputs } from './forward.ts';

/** As released. */
const FOCAL_WEIGHT = 5;
const FOCAL_ALPHA = 0.5;

/**
 * @param noise f32 `[N, 2, S, S, 3]`.
 * @param masks 1 where a defect was made up, 0 elsewhere, f32 `[N, S, S, 1]`.
 * @returns Scalar.
 */
export function diffusionLoss(
  { predicted, logits }: DiffusionOutputs,
  noise: Tensor,
  masks: Tensor4D,
): Tensor {
  return add(noiseLoss(predicted, noise, masks), maskLoss(logits, masks));
}

/** Squared errors at both times, their mean over the images without a defect; 0 where there is none. */
export function noiseLoss(predicted: Tensor, noise: Tensor, masks: Tensor4D): Tensor {
  const errors = sum(mean(square(sub(predicted, noise)), [2, 3, 4]), 1); // [N]
  const isNormal = sub(1, max(masks, [1, 2, 3])); // [N]
  return div(sum(mul(errors, isNormal)), maximum(sum(isNormal), 1));
}

/**
 * Five times the focal loss (γ 4) and the smooth L1 loss of the probability of a defect. With w, how probable it is that the
 * pixel is not what it is, the one is ½w⁴·(−log(1 − w)) and the other ½w².
 */
export function maskLoss(logits: Tensor4D, masks: Tensor4D): Tensor {
  const wrongLogits = mul(logits, sub(1, mul(masks, 2)));
  const squared = square(sigmoid(wrongLogits));
  const focal = mul(square(squared), mul(softplus(wrongLogits), FOCAL_WEIGHT * FOCAL_ALPHA));
  return mean(add(focal, mul(squared, 0.5)));
}
