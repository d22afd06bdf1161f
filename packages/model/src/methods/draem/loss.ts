/** @file DRAEM's loss: squared error and SSIM of the rebuilt image, focal loss of the mask. N images, S pixels a side. */
import {
  add,
  div,
  log,
  matMul,
  mean,
  mul,
  neg,
  reshape,
  sigmoid,
  slice,
  square,
  sub,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tensor,
  transpose,
} from '@tensorflow/tfjs-core';
import type { DraemOutputs } from './forward.ts';

/**
 * @param images Without made-up defects, f32 `[N, S, S, 3]`.
 * @param masks 1 where a defect was made up, 0 elsewhere, f32 `[N, S, S, 1]`.
 * @returns Scalar.
 */
export function draemLoss(
  { rebuilt, logits }: DraemOutputs,
  images: Tensor4D,
  masks: Tensor4D,
): Tensor {
  const squared = mean(square(sub(rebuilt, images)));
  const structure = sub(1, meanSsim(rebuilt, images));
  return add(add(squared, structure), focalLoss(logits, masks));
}

/** The softmax's second channel: how probable a defect is, f32 `[N, S, S, 1]`. */
export function defectProbabilities(logits: Tensor4D): Tensor4D {
  const channel = (index: number) => slice(logits, [0, 0, 0, index], [-1, -1, -1, 1]);
  const difference: Tensor4D = sub(channel(1), channel(0));
  return sigmoid(difference);
}

const SMOOTH = 1e-5;

/** −(1 − p)²·log p of the probability of what each pixel is, as released: with smoothed targets. */
export function focalLoss(logits: Tensor4D, masks: Tensor4D): Tensor {
  const defect = defectProbabilities(logits);
  // p = t·defect + (1 − t)·normal, with t = 1 − SMOOTH in the mask and SMOOTH outside.
  const target = add(mul(masks, 1 - 2 * SMOOTH), SMOOTH);
  const both = add(mul(target, defect), mul(sub(1, target), sub(1, defect)));
  const p = add(both, SMOOTH);
  return mean(neg(mul(square(sub(1, p)), log(p))));
}

const WINDOW = 11;
const SIGMA = 1.5;
/** Of colors from 0 to 1. */
const C1 = 0.01 ** 2;
const C2 = 0.03 ** 2;

/** The mean of the structural similarity (Wang et al. 2004) over pixels and colors; 0 beyond the border, as released. */
export function meanSsim(a: Tensor4D, b: Tensor4D): Tensor {
  const blurred = blurOf(a.shape[1]);
  const [x, y] = [planes(a), planes(b)];
  const [meanX, meanY] = [blurred(x), blurred(y)];
  const [squareX, squareY, product] = [square(meanX), square(meanY), mul(meanX, meanY)];
  const covariance = sub(blurred(mul(x, y)), product);
  const variances = add(sub(blurred(square(x)), squareX), sub(blurred(square(y)), squareY));
  const above = mul(add(mul(product, 2), C1), add(mul(covariance, 2), C2));
  const below = mul(add(add(squareX, squareY), C1), add(variances, C2));
  return mean(div(above, below));
}

/** `[N, S, S, 3]` as `[N·3, S, S]`. */
function planes(x: Tensor4D): Tensor {
  return reshape(transpose(x, [0, 3, 1, 2]), [-1, x.shape[1], x.shape[2]]);
}

/** Gaussian windows along both sides, as products with a band; what comes out has its sides exchanged. */
function blurOf(side: number): (x: Tensor) => Tensor {
  const reach = Math.floor(WINDOW / 2);
  const window = Array.from({ length: WINDOW }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * SIGMA ** 2)),
  );
  const total = window.reduce((sum, value) => sum + value);
  const band = tensor(
    Float32Array.from({ length: side ** 2 }, (_, i) => {
      const offset = (i % side) - Math.floor(i / side) + reach;
      return (window[offset] ?? 0) / total;
    }),
    [side, side],
  ) as Tensor2D;
  const along = (x: Tensor) => {
    const rows = reshape(x, [-1, side]) as Tensor2D;
    return transpose(reshape(matMul(rows, band), [-1, side, side]), [0, 2, 1]);
  };
  return (x) => reshape(matMul(reshape(along(x), [-1, side]) as Tensor2D, band), [-1, side, side]);
}
