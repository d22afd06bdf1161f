/** @file CFLOW's loss, as released: mean −log σ(log p / C) over feature vectors. */
import { mean, neg, softplus, type Tensor } from '@tensorflow/tfjs-core';

/** @param logDensities By channel, any shape. */
export function flowLoss(logDensities: Tensor): Tensor {
  return mean(softplus(neg(logDensities)));
}
