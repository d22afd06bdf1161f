/** @file Adam (Kingma and Ba 2015; decoupled weight decay: Loshchilov and Hutter 2019), a parameter at a time. */
import { add, div, mul, sqrt, square, sub, type Tensor } from '@tensorflow/tfjs-core';

export interface AdamConfig {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Decoupled: AdamW's. */
  readonly weightDecay: number;
  /** Added to the gradient, times the weight: what PyTorch's Adam calls its weight decay. */
  readonly l2: number;
}

export const ADAM_DEFAULTS: AdamConfig = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  l2: 0,
};

export interface AdamState {
  readonly weights: Tensor;
  /** M = m/(1−β1): the moment without its constant factor, which costs no pass over it that way. */
  readonly firstMoment: Tensor;
  /** V = v/(1−β2). */
  readonly secondMoment: Tensor;
}

/** The scalars of a step; see `adamRates`. */
export interface AdamRates<T> {
  readonly stepSize: T;
  readonly epsilon: T;
  /** 1 − lr·weightDecay. */
  readonly keep: T;
}

/**
 * One step, g with `l2`·w in it: M ← β1 M + g; V ← β2 V + g²; w ← keep·w − stepSize·M/(√V + epsilon).
 * Gradient and state f32 of one shape.
 */
export function adamStep(
  state: AdamState,
  gradient: Tensor,
  rates: AdamRates<Tensor>,
  config: AdamConfig,
): AdamState {
  const pulled = config.l2 === 0 ? gradient : add(gradient, mul(state.weights, config.l2));
  const firstMoment = add(mul(state.firstMoment, config.beta1), pulled);
  const secondMoment = add(mul(state.secondMoment, config.beta2), square(pulled));
  const update = div(mul(firstMoment, rates.stepSize), add(sqrt(secondMoment), rates.epsilon));
  const kept = config.weightDecay === 0 ? state.weights : mul(state.weights, rates.keep);
  return { weights: sub(kept, update), firstMoment, secondMoment };
}

/**
 * The scalars of step t ≥ 1 at a learning rate, so that the step is Adam's lr·m̂/(√v̂ + ε) with m̂ = m/(1−β1ᵗ) and
 * v̂ = v/(1−β2ᵗ).
 */
export function adamRates(
  step: number,
  learningRate: number,
  config: AdamConfig,
): AdamRates<number> {
  const { beta1, beta2 } = config;
  // √v̂ = √V · secondScale.
  const secondScale = Math.sqrt((1 - beta2) / (1 - beta2 ** step));
  return {
    stepSize: (learningRate * (1 - beta1)) / (1 - beta1 ** step) / secondScale,
    epsilon: config.epsilon / secondScale,
    keep: 1 - learningRate * config.weightDecay,
  };
}
