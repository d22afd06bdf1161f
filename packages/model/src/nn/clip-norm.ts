/** @file Gradient clipping by the norm of all gradients together (Pascanu et al. 2013), as PyTorch's. */
import {
  add,
  addN,
  div,
  minimum,
  mul,
  sqrt,
  square,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** Of all tensors as one vector; scalar. */
export function globalNorm(tensors: readonly Tensor[]): Tensor {
  return sqrt(addN(tensors.map((x) => sum(square(x)))));
}

/** The gradients, shortened together where their norm exceeds `limit`. */
export function clipByGlobalNorm(gradients: readonly Tensor[], limit: number): Tensor[] {
  const factor = minimum(div(limit, add(globalNorm(gradients), 1e-6)), 1);
  return gradients.map((gradient) => mul(gradient, factor));
}
