/** @file Gradient descent with momentum (Polyak 1964), as PyTorch's SGD takes it: no dampening, no look-ahead. */
import { add, mul, sub, type Tensor } from '@tensorflow/tfjs-core';

export interface SgdConfig {
  readonly momentum: number;
  /** Added to the gradient, times the weight: what PyTorch's SGD calls its weight decay. */
  readonly l2: number;
}

export interface SgdState {
  readonly weights: Tensor;
  /** Zeros before the first step. */
  readonly velocity: Tensor;
}

/** The scalars of a step. */
export interface SgdRates<T> {
  readonly learningRate: T;
}

/** One step: v ← momentum·v + g + l2·w; w ← w − learningRate·v. Gradient and state f32 of one shape. */
export function sgdStep(
  state: SgdState,
  gradient: Tensor,
  rates: SgdRates<Tensor>,
  config: SgdConfig,
): SgdState {
  const pulled = config.l2 === 0 ? gradient : add(gradient, mul(state.weights, config.l2));
  const velocity = add(mul(state.velocity, config.momentum), pulled);
  return { weights: sub(state.weights, mul(velocity, rates.learningRate)), velocity };
}
