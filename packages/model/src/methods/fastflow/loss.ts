/** @file FastFlow's loss, as released: the sum over levels of the mean over images of ½Σz² − log|det|, sums over places and channels. */
import { add, mul, square, sub, sum, type Tensor } from '@tensorflow/tfjs-core';
import type { Flowed } from '../../nn/coupling.ts';

/** @param levels `values` f32 `[N, side, side, C]`. */
export function fastflowLoss(levels: readonly Flowed[]): Tensor {
  return levels
    .map(({ values, logDeterminants }) => {
      const energy = mul(sum(square(values)), 0.5);
      return mul(sub(energy, sum(logDeterminants)), 1 / (values.shape[0] ?? 1));
    })
    .reduce((total, own) => add(total, own));
}
