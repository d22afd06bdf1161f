/** @file An exponential moving average of weights. */
import { add, mul, type Tensor } from '@tensorflow/tfjs-core';

/** decay·average + (1 − decay)·value; shapes as they are. */
export function movingAverage(average: Tensor, value: Tensor, decay: number): Tensor {
  return add(mul(average, decay), mul(value, 1 - decay));
}
