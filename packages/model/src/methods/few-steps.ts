/** @file For tests: a few recorded training steps from given weights, and samples of parameters as fixtures have them. */
import type { TensorMap } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import type { Tensor } from '@tensorflow/tfjs-core';
import { loadStatefulProgram } from '../eager/index.ts';
import { type ParameterSpec, type Parameters, parameterSize } from '../nn/parameters.ts';
import type { TracedInput } from '../trace/index.ts';
import { differentiate } from '../training/differentiate.ts';
import { freshState } from '../training/fit-trainable.ts';
import type { Optimizer } from '../training/optimizers.ts';
import {
  bufferInput,
  joinState,
  splitState,
  stateLayout,
  stateLinks,
} from '../training/state-layout.ts';
import { rateFeeds, stepProgram } from '../training/step-program.ts';
import { streamsOf } from '../training/streams.ts';
import type { Trainable } from '../training/trainable.ts';

export interface FewSteps {
  readonly specs: readonly ParameterSpec[];
  /** Flat. */
  readonly start: Float32Array;
  readonly optimizer: Optimizer;
  readonly learningRate: number;
  readonly inputs: Readonly<Record<string, TracedInput>>;
  loss(parameters: Parameters, inputs: Readonly<Record<string, Tensor>>): Tensor;
  /** One for each step. */
  readonly feeds: readonly TensorMap[];
}

/** @returns Loss of each step; flat weights after them; the first moment after the first, which is its gradient. */
export async function takeSteps(given: FewSteps) {
  const { specs, start, optimizer, learningRate, inputs, feeds } = given;
  const trainable: Trainable = {
    ...{ name: 'steps', title: 'the steps', steps: feeds.length, inputs },
    groups: [{ name: 'all', parameters: specs, optimizer, learningRate: () => learningRate }],
    random: streamsOf(0, 'steps'),
    batches: { images: () => Int32Array.of(0) },
    feeds: ({ step }) => feeds[step] as TensorMap,
    step: ({ parameters, inputs: own }) =>
      differentiate(parameters, (named) => ({ loss: given.loss(named, own) })),
    divergence: { field: 'settings', fix: '' },
  };
  return trainedSteps(trainable, start, feeds);
}

/**
 * Steps of a trainable from given weights.
 * @param start Flat.
 * @param feeds One for each step.
 * @returns As `takeSteps`, and the buffers after the steps, by name.
 */
export async function trainedSteps(
  trainable: Trainable,
  start: Float32Array,
  feeds: readonly TensorMap[],
) {
  const layout = stateLayout(trainable);
  const session = await loadStatefulProgram(
    await createExecutor({ threads: 1 }),
    stepProgram(trainable),
    stateLinks(layout),
    splitState(layout, { ...freshState(trainable).vectors, weights: start }),
  );
  const losses: number[] = [];
  let gradient = new Float32Array();
  for (const [step, own] of feeds.entries()) {
    const found = await session.step({ ...own, ...rateFeeds(trainable.groups, step) }, ['loss']);
    losses.push(Number(found['loss']?.data[0]));
    if (step === 0)
      gradient = joinState(layout, await session.readState())['firstMoment']?.slice() ?? gradient;
  }
  const state = joinState(layout, await session.readState());
  await session.release();
  const buffers = layout.buffers.map((buffer) => [
    buffer.name,
    state[bufferInput(buffer)] as Float32Array,
  ]);
  return {
    ...{ losses, gradient, weights: state['weights'] as Float32Array },
    buffers: Object.fromEntries(buffers) as Record<string, Float32Array>,
  };
}

/** Of each parameter at most eight numbers, evenly spread, by name. */
export function sampled(
  specs: readonly ParameterSpec[],
  flat: Float32Array,
): Record<string, number[]> {
  let offset = 0;
  return Object.fromEntries(
    specs.map((spec) => {
      const size = parameterSize(spec);
      const own = flat.subarray(offset, offset + size);
      offset += size;
      const count = Math.min(8, size);
      const at = Array.from({ length: count }, (_, i) => own[Math.floor((i * size) / count)]!);
      return [spec.name, at];
    }),
  );
}
