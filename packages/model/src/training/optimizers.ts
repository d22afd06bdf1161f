/** @file How a parameter group's weights follow their gradients. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { ADAM_DEFAULTS, type AdamConfig, adamRates, adamStep } from '../nn/adam.ts';
import { MUON_DEFAULTS, muonStep } from '../nn/muon.ts';
import { type SgdConfig, sgdStep } from '../nn/sgd.ts';
import {
  STABLE_ADAMW_DEFAULTS,
  type StableAdamWConfig,
  stableAdamWRates,
  stableAdamWStep,
} from '../nn/stable-adamw.ts';

/** The weights and the optimizer's slots, by name, of one shape. */
export type OptimizedTensors = Readonly<Record<string, Tensor>>;

export interface Optimizer {
  readonly kind: 'adam' | 'adamw' | 'stableAdamW' | 'sgd' | 'muon';
  /** Names of what it keeps beside the weights of such a shape; all start at 0. */
  slots(shape: readonly number[]): readonly string[];
  /** Whether each number's update depends on that number alone, so that several parameters can be updated as one. */
  elementwise(shape: readonly number[]): boolean;
  /** The scalars of step t ≥ 1, always of the same names: they are inputs of the recorded step. */
  rates(step: number, learningRate: number): Readonly<Record<string, number>>;
  /**
   * One step.
   * @param state `weights` and the slots before it.
   * @returns The same after it.
   */
  update(state: OptimizedTensors, gradient: Tensor, rates: OptimizedTensors): OptimizedTensors;
  /** `update` of several parameters of such a shape, stacked along an axis before it; null where that can't be. */
  stackedUpdate(shape: readonly number[]): Optimizer['update'] | null;
}

/** Kingma and Ba 2015; `l2` is what PyTorch's Adam calls its weight decay. */
export function adam(config: Partial<Omit<AdamConfig, 'weightDecay'>> = {}): Optimizer {
  return adamOptimizer('adam', { ...ADAM_DEFAULTS, ...config });
}

/** Adam with decoupled weight decay (Loshchilov and Hutter 2019). */
export function adamW(config: Partial<AdamConfig> & Pick<AdamConfig, 'weightDecay'>): Optimizer {
  return adamOptimizer('adamw', { ...ADAM_DEFAULTS, ...config });
}

/** AdamW with amsgrad whose steps are shortened (`nn/stable-adamw.ts`). */
export function stableAdamW(given: Partial<StableAdamWConfig> = {}): Optimizer {
  const config = { ...STABLE_ADAMW_DEFAULTS, ...given };
  return optimizer({
    kind: 'stableAdamW',
    slots: ['firstMoment', 'secondMoment', 'largestMoment'],
    elementwise: false,
    rates: (step, learningRate) => ({ ...stableAdamWRates(step, learningRate, config) }),
    update: (state, gradient, rates) => stableAdamWStep(state, gradient, rates, config),
  });
}

/** Gradient descent with momentum (`nn/sgd.ts`). */
export function sgd(config: SgdConfig): Optimizer {
  return optimizer({
    kind: 'sgd',
    slots: ['velocity'],
    elementwise: true,
    rates: (_, learningRate) => ({ learningRate }),
    update: (state, gradient, rates) => sgdStep(state, gradient, rates, config),
  });
}

/** As settings have it. */
export interface ChosenOptimizer {
  readonly optimizer: 'adam' | 'adamw' | 'muon';
  readonly learningRate: number;
  /** Of Muon's matrices. */
  readonly matrixLearningRate: number;
}

export function chosenOptimizer(
  { optimizer: name, learningRate, matrixLearningRate }: ChosenOptimizer,
  weightDecay: number,
): Optimizer {
  if (name === 'muon') return muon({ weightDecay, matrixRate: matrixLearningRate / learningRate });
  return weightDecay === 0 ? adam() : adamW({ weightDecay });
}

/** As settings have it where StableAdamW is the published one. */
export interface StableOptimizer extends Omit<ChosenOptimizer, 'optimizer'> {
  readonly optimizer: 'stableAdamW' | 'muon';
}

export function stableOptimizer(chosen: StableOptimizer): Optimizer {
  const { optimizer: name, learningRate, matrixLearningRate } = chosen;
  if (name === 'stableAdamW') return stableAdamW();
  return muon({ weightDecay: 0, matrixRate: matrixLearningRate / learningRate });
}

const SMALLEST_MATRIX = 8;

/** AdamW, but matrices follow Muon (`nn/muon.ts`) at `matrixRate` times the learning rate, without decay. */
export function muon(
  config: Partial<AdamConfig> & Pick<AdamConfig, 'weightDecay'> & { readonly matrixRate: number },
): Optimizer {
  const rest = adamW(config);
  // A table of a few numbers a side, as of gates, is none.
  const isMatrix = (shape: readonly number[]) =>
    shape.length === 2 && Math.min(...shape) >= SMALLEST_MATRIX;
  const updateMatrices: Optimizer['update'] = (state, gradient, rates) => ({
    ...muonStep(state as Matrix, gradient, rates as MatrixRates, MUON_DEFAULTS),
  });
  return {
    kind: 'muon',
    elementwise: (shape) => !isMatrix(shape),
    slots: (shape) => (isMatrix(shape) ? ['firstMoment'] : rest.slots(shape)),
    rates: (step, learningRate) => ({
      ...rest.rates(step, learningRate),
      matrixStepSize: config.matrixRate * learningRate,
    }),
    update: (state, gradient, rates) =>
      isMatrix(gradient.shape)
        ? updateMatrices(state, gradient, rates)
        : rest.update(state, gradient, rates),
    stackedUpdate: (shape) => (isMatrix(shape) ? updateMatrices : null),
  };
}

type Matrix = Named<'weights' | 'firstMoment'>;
type MatrixRates = Named<'matrixStepSize'>;

function adamOptimizer(kind: 'adam' | 'adamw', config: AdamConfig): Optimizer {
  return optimizer({
    kind,
    slots: ['firstMoment', 'secondMoment'],
    elementwise: true,
    rates: (step, learningRate) => ({ ...adamRates(step, learningRate, config) }),
    update: (state, gradient, rates) => adamStep(state, gradient, rates, config),
  });
}

type Named<Name extends string> = Readonly<Record<Name, Tensor>>;

interface TypedOptimizer<Slot extends string, Rate extends string> extends Pick<Optimizer, 'kind'> {
  readonly elementwise: boolean;
  readonly slots: readonly Slot[];
  rates(step: number, learningRate: number): Readonly<Record<Rate, number>>;
  update(
    state: Named<Slot | 'weights'>,
    gradient: Tensor,
    rates: Named<Rate>,
  ): Named<Slot | 'weights'>;
}

/** Whoever keeps the state keeps it by the names of the slots. */
function optimizer<Slot extends string, Rate extends string>(
  typed: TypedOptimizer<Slot, Rate>,
): Optimizer {
  return {
    ...typed,
    slots: () => typed.slots,
    elementwise: () => typed.elementwise,
    stackedUpdate: () => null,
    update: (state, gradient, rates) =>
      typed.update(state as Named<Slot | 'weights'>, gradient, rates as Named<Rate>),
  };
}
