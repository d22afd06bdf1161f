/** @file SiLU, also called swish: x·σ(x) (Hendrycks and Gimpel 2016). */
import { mul, sigmoid, type Tensor } from '@tensorflow/tfjs-core';

export function silu<Shaped extends Tensor>(x: Shaped): Shaped {
  return mul(x, sigmoid(x));
}
