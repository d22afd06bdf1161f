/** @file Adam over one flat parameter vector (Kingma and Ba 2015; decoupled weight decay: Loshchilov and Hutter 2019). */
import { add, div, mul, sqrt, square, sub, type Tensor } from '@tensorflow/tfjs-core';

export interface AdamConfig {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

export const ADAM_DEFAULTS: AdamConfig = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
};

export interface AdamState {
  readonly weights: Tensor;
  readonly firstMoment: Tensor;
  readonly secondMoment: Tensor;
}

export interface AdamRates {
  /** lr/(1−β1ᵗ) at step t, scalar. */
  readonly stepSize: Tensor;
  /** 1/√(1−β2ᵗ), scalar. */
  readonly momentScale: Tensor;
  /** lr·weightDecay, scalar. */
  readonly decay: Tensor;
}

/**
 * One step: m ← β1 m + (1−β1) g; v ← β2 v + (1−β2) g²; w ← w − decay·w − stepSize·m/(√v·momentScale + ε).
 * All vectors f32 `[P]`.
 */
export function adamStep(
  state: AdamState,
  gradient: Tensor,
  rates: AdamRates,
  config: AdamConfig,
): AdamState {
  const firstMoment = add(mul(state.firstMoment, config.beta1), mul(gradient, 1 - config.beta1));
  const secondMoment = add(
    mul(state.secondMoment, config.beta2),
    mul(square(gradient), 1 - config.beta2),
  );
  const denominator = add(mul(sqrt(secondMoment), rates.momentScale), config.epsilon);
  const update = div(mul(firstMoment, rates.stepSize), denominator);
  const decayed =
    config.weightDecay === 0 ? state.weights : sub(state.weights, mul(state.weights, rates.decay));
  return { weights: sub(decayed, update), firstMoment, secondMoment };
}

/** The scalars of step t ≥ 1 at a learning rate. */
export function adamRates(
  step: number,
  learningRate: number,
  config: AdamConfig,
): { stepSize: number; momentScale: number; decay: number } {
  return {
    stepSize: learningRate / (1 - config.beta1 ** step),
    momentScale: 1 / Math.sqrt(1 - config.beta2 ** step),
    decay: learningRate * config.weightDecay,
  };
}
