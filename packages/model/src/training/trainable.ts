/**
 * @file What is trained by gradients, as data and pure functions: `fitTrainable` does the rest. P numbers of parameters,
 * all groups one after the other.
 */
import type { TensorMap } from '@plumbline/contracts';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ParameterSpec, Parameters } from '../nn/parameters.ts';
import type { RandomStream } from '../nn/random.ts';
import type { FrozenGraph, TracedInput } from '../trace/index.ts';
import type { Optimizer } from './optimizers.ts';
import type { Streams } from './streams.ts';

/** Parameters that are optimized alike. */
export interface ParameterGroup {
  readonly name: string;
  readonly parameters: readonly ParameterSpec[];
  readonly optimizer: Optimizer;
  /** The schedule. @param step 0-based. */
  learningRate(step: number): number;
}

/** What a step computes with. Parameters are pieces as `statePieces` has them. */
export interface StepGiven {
  readonly parameters: Parameters;
  readonly buffers: Readonly<Record<string, Tensor>>;
  readonly inputs: Readonly<Record<string, Tensor>>;
}

export interface StepResult {
  /** Scalar, before the step. */
  readonly loss: Tensor;
  /** One a parameter, in its shape. `differentiate` makes them from a loss. */
  readonly gradients: Readonly<Record<string, Tensor>>;
  /** The buffers after the step; those left out stay as they are. */
  readonly buffers?: Readonly<Record<string, Tensor>>;
}

/** What is recorded as one graph: state and inputs in, next state and loss out. */
export interface StepSpec {
  readonly name: string;
  readonly groups: readonly ParameterGroup[];
  /** State without gradients, such as statistics of batches. Starts as its initializers say. */
  readonly buffers?: readonly ParameterSpec[];
  /** Keeps a moving average of the weights: average ← decay·average + (1 − decay)·weights. */
  readonly averageDecay?: number;
  /** All gradients together are shortened to this norm where theirs is larger. */
  readonly clipNorm?: number;
  /** What `feeds` gives. */
  readonly inputs: Readonly<Record<string, TracedInput>>;
  /** Computed of the inputs in each step; `step` gets its outputs as inputs. */
  readonly frozen?: FrozenGraph | undefined;
  /** Pure, and never reads values: it is recorded. Random numbers come by `feeds`. */
  step(given: StepGiven): StepResult;
}

/** Which images a step sees: a function of the step alone. */
export interface Batches {
  /** @param step 0-based. @returns Image indices, as many each time. */
  images(step: number): Int32Array;
}

export interface Draw {
  /** 0-based. */
  readonly step: number;
  readonly images: Int32Array;
  /** All randomness of the step: noise, masks of a dropout, time steps. */
  random(purpose: string): RandomStream;
}

/** A loss over held-out normal images; `HeldOutLoss` measures it. */
export interface HeldOutLossSpec {
  readonly name: string;
  /** Of all groups, in order. */
  readonly parameters: readonly ParameterSpec[];
  readonly buffers?: readonly ParameterSpec[];
  /** What `feeds` gives. */
  readonly inputs: Readonly<Record<string, TracedInput>>;
  readonly frozen?: FrozenGraph | undefined;
  /** Scalar, the mean over a batch. */
  loss(given: StepGiven): Tensor;
  /** Image indices, one batch after the other (`spreadBatches`). */
  readonly batches: readonly Int32Array[];
  feeds(images: Int32Array): TensorMap | Promise<TensorMap>;
}

/** What the loss on held-out normal images is looked at for. */
export interface HeldOutWatch {
  /** With `keepBest` after the last step as well. */
  readonly everySteps: number;
  readonly heldOut: HeldOutLossSpec;
  /** `stop`: training ends when it has stopped falling. `keepBest`: what counts is the state where it was smallest. */
  readonly purpose: 'stop' | 'keepBest';
}

export interface Trainable extends StepSpec {
  /** Of the stage: names its progress, its part of a checkpoint and, by `streamsOf`, its random numbers. */
  readonly name: string;
  /** As it stands in a sentence: "level layer3". */
  readonly title: string;
  /** Planned; fewer are taken where `watch` ends it. */
  readonly steps: number;
  readonly random: Streams;
  readonly batches: Batches;
  /** The inputs of a step. The arrays may be the same each time. */
  feeds(draw: Draw): TensorMap | Promise<TensorMap>;
  readonly watch?: HeldOutWatch | undefined;
  /** What to do when the loss is no longer a number: the setting, and how to fix it. */
  readonly divergence: { readonly field: string; readonly fix: string };
}

/** A trainable that is done. */
export interface Trained {
  /** Steps taken. */
  readonly steps: number;
  /** After which step the weights, averages and buffers were so: the last one, unless `watch` keeps the best. */
  readonly keptStep: number;
  /** f32 `[P]`, in the order of groups and parameters. */
  readonly weights: Float32Array;
  /** Moving averages, f32 `[P]`; the weights themselves where none are kept. */
  readonly averages: Float32Array;
  readonly buffers: Readonly<Record<string, Float32Array>>;
  /** Of each step, f32 `[steps]`. */
  readonly losses: Float32Array;
}
