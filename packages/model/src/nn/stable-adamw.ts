/**
 * @file AdamW whose step is shortened where the gradient is larger than its own history allows (Wortsman et al. 2023),
 * with amsgrad (Reddi et al. 2018), as Dinomaly and INP-Former train. A parameter at a time: the step is shortened for
 * each by itself, so parameters joined into one tensor would not be the same.
 */
import {
  add,
  div,
  maximum,
  mean,
  mul,
  reshape,
  sqrt,
  square,
  sub,
  type Tensor,
} from '@tensorflow/tfjs-core';

export interface StableAdamWConfig {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

export const STABLE_ADAMW_DEFAULTS: StableAdamWConfig = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-10,
  weightDecay: 1e-4,
};

export interface StableAdamWState {
  readonly weights: Tensor;
  readonly firstMoment: Tensor;
  readonly secondMoment: Tensor;
  /** The largest second moment so far. */
  readonly largestMoment: Tensor;
}

/** The scalars of a step; see `stableAdamWRates`. */
export interface StableAdamWRates<T> {
  /** lr/(1−β1ᵗ). */
  readonly stepSize: T;
  /** 1/√(1−β2ᵗ). */
  readonly correction: T;
  /** 1 − lr·weightDecay. */
  readonly keep: T;
}

/**
 * One step: m ← β1 m + (1−β1) g; v ← β2 v + (1−β2) g²; V ← max(V, v); d = √V·correction + ε;
 * w ← keep·w − stepSize/max(1, rms(g/d))·m/d. Gradient and state f32 of one shape.
 */
export function stableAdamWStep(
  state: StableAdamWState,
  gradient: Tensor,
  rates: StableAdamWRates<Tensor>,
  config: StableAdamWConfig,
): StableAdamWState {
  const { beta1, beta2 } = config;
  const firstMoment = add(mul(state.firstMoment, beta1), mul(gradient, 1 - beta1));
  const secondMoment = add(mul(state.secondMoment, beta2), mul(square(gradient), 1 - beta2));
  const largestMoment = maximum(state.largestMoment, secondMoment);
  const divisor = add(mul(sqrt(largestMoment), rates.correction), config.epsilon);
  const rms = sqrt(mean(square(div(gradient, divisor))));
  const step = div(rates.stepSize, maximum(reshape(rms, []), 1));
  const kept = config.weightDecay === 0 ? state.weights : mul(state.weights, rates.keep);
  const weights = sub(kept, mul(div(firstMoment, divisor), step));
  return { weights, firstMoment, secondMoment, largestMoment };
}

/** The scalars of step t ≥ 1 at a learning rate. */
export function stableAdamWRates(
  step: number,
  learningRate: number,
  config: StableAdamWConfig,
): StableAdamWRates<number> {
  return {
    stepSize: learningRate / (1 - config.beta1 ** step),
    correction: 1 / Math.sqrt(1 - config.beta2 ** step),
    keep: 1 - learningRate * config.weightDecay,
  };
}
