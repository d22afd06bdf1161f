/**
 * @file Batch normalization over all axes but the last (Ioffe and Szegedy 2015), in PyTorch's conventions: the biased
 * variance of the batch normalizes, the unbiased one is averaged for inference.
 */
import {
  add,
  customGrad,
  div,
  type GradSaveFunc,
  mul,
  reshape,
  rsqrt,
  square,
  sub,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { columnSums } from './layers.ts';
import type { Weights } from './weights.ts';

const EPSILON = 1e-5;
/** Share of the newest batch in the running statistics. */
const MOMENTUM = 0.1;

/** f32 `[C]` each. */
export interface BatchStatistics {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/**
 * Normalizes with the statistics of the batch itself.
 * @param layer With `weight` and `bias`, f32 `[C]`.
 * @param x f32 `[…, C]`.
 */
export function batchNormTraining(layer: Weights, x: Tensor): Tensor {
  const rows = asRows(x);
  return reshape(normalizeBatch(rows, layer.tensor('weight'), layer.tensor('bias')), x.shape);
}

/** Normalizes with given statistics: a linear map. */
export function batchNormInference(layer: Weights, x: Tensor, running: BatchStatistics): Tensor {
  const scale = mul(layer.tensor('weight'), rsqrt(add(running.variance, EPSILON)));
  return add(mul(x, scale), sub(layer.tensor('bias'), mul(running.mean, scale)));
}

/**
 * The running statistics after a batch. No gradient is meant to flow through them: compute them outside of what is
 * differentiated; a recorded graph has the batch's statistics once all the same.
 * @param x What `batchNormTraining` got.
 */
export function nextStatistics(running: BatchStatistics, x: Tensor): BatchStatistics {
  const rows = asRows(x);
  const count = rows.shape[0] ?? 1;
  const { mean, variance } = statistics(rows);
  const moved = (from: Tensor, to: Tensor, share: number) =>
    add(mul(from, 1 - MOMENTUM), mul(to, share));
  return {
    mean: moved(running.mean, mean, MOMENTUM),
    variance: moved(running.variance, variance, (MOMENTUM * count) / (count - 1)),
  };
}

function asRows(x: Tensor): Tensor {
  const channels = x.shape.at(-1) ?? 1;
  return reshape(x, [x.size / channels, channels]);
}

/** Of the columns of `[rows, C]`; the variance biased. */
function statistics(rows: Tensor): BatchStatistics & { readonly centered: Tensor } {
  const count = rows.shape[0] ?? 1;
  const mean = div(columnSums(rows), count);
  const centered = sub(rows, mean);
  return { mean, centered, variance: div(columnSums(square(centered)), count) };
}

const normalizeBatch = customGrad((...inputs: (Tensor | GradSaveFunc)[]) => {
  const [x, weight, bias, save] = inputs as [Tensor, Tensor, Tensor, GradSaveFunc];
  const { centered, variance } = statistics(x);
  const scale = rsqrt(add(variance, EPSILON)); // [C]
  const normalized = mul(centered, scale);
  save([normalized, scale, weight]);
  return {
    value: add(mul(normalized, weight), bias),
    gradFunc: (gradient: Tensor, saved: Tensor[]) => batchGradient(gradient, saved),
  };
});

/** dx = w·scale·(dy − mean(dy) − n·mean(dy·n)), the means over the rows. */
function batchGradient(gradient: Tensor, saved: Tensor[]): Tensor[] {
  const [normalized, scale, weight] = saved as [Tensor, Tensor, Tensor];
  const count = gradient.shape[0] ?? 1;
  const sums = columnSums(gradient);
  const scaledSums = columnSums(mul(gradient, normalized));
  const centered = sub(sub(gradient, div(sums, count)), mul(normalized, div(scaledSums, count)));
  return [mul(centered, mul(weight, scale)), scaledSums, sums];
}
