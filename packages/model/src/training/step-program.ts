/** @file A training step as one program: the loss, its gradients and the optimizers; state in, state out. */
import type { TensorMap } from '@plumbline/contracts';
import { concat, reshape, split, stack, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import { clipByGlobalNorm } from '../nn/clip-norm.ts';
import { movingAverage } from '../nn/moving-average.ts';
import { byName } from '../nn/parameters.ts';
import { float32 } from '../onnx/index.ts';
import type { EmissionTarget, TensorProgram, TracedInput } from '../trace/index.ts';
import {
  AVERAGE,
  bufferInput,
  type StateLayout,
  type StateTensor,
  stateInput,
  stateInputs,
  stateLayout,
} from './state-layout.ts';
import type { ParameterGroup, StepGiven, StepResult, StepSpec } from './trainable.ts';

type Given = Readonly<Record<string, Tensor>>;

/**
 * Inputs: the state as `stateInputs` has it; those of the spec; `rates/…`, f32 scalars (`rateFeeds`). Outputs: the
 * state after the step (`stateLinks`), and `loss`, scalar, before it.
 * @param target What computes the step; its state is laid out for it.
 */
export function stepProgram(spec: StepSpec, target: EmissionTarget = 'processor'): TensorProgram {
  const layout = stateLayout(spec, target);
  const rates = spec.groups.flatMap((group) =>
    rateNames(group).map((rate): [string, TracedInput] => [rateInput(group, rate), { shape: [] }]),
  );
  return {
    name: `${spec.name}-training-step`,
    inputs: { ...stateInputs(layout), ...spec.inputs, ...Object.fromEntries(rates) },
    frozen: spec.frozen,
    body: (given) => {
      const result = clipped(spec.step(stepGiven(given, layout)), spec.clipNorm);
      return { loss: result.loss, ...nextState(given, layout, result, spec.averageDecay) };
    },
  };
}

/** The scalars of a step. @param step 0-based. */
export function rateFeeds(groups: readonly ParameterGroup[], step: number): TensorMap {
  const feeds = groups.flatMap((group) =>
    Object.entries(group.optimizer.rates(step + 1, group.learningRate(step))).map(
      ([rate, value]) => [rateInput(group, rate), float32([], [value])] as const,
    ),
  );
  return Object.fromEntries(feeds);
}

function rateNames({ optimizer }: ParameterGroup): string[] {
  return Object.keys(optimizer.rates(1, 0));
}

function rateInput({ name }: ParameterGroup, rate: string): string {
  return `rates/${name}/${rate}`;
}

/** What a spec's `step` gets of the inputs of its program. */
function stepGiven(given: Given, { pieces, tensors, buffers }: StateLayout): StepGiven {
  const weights: Tensor[] = [];
  for (const tensor of tensors) {
    const value = given[stateInput('weights', tensor)] as Tensor;
    const values = tensor.join === 'none' ? [value] : split(value, lengthsOf(tensor));
    for (const [place, { index, piece }] of tensor.parts.entries()) {
      const part = values[place] as Tensor;
      weights[index] = part.rank === piece.shape.length ? part : reshape(part, [...piece.shape]);
    }
  }
  const buffer = (spec: { name: string }) => [spec.name, given[bufferInput(spec)] as Tensor];
  return {
    parameters: byName(weights, pieces),
    buffers: Object.fromEntries(buffers.map(buffer)),
    inputs: given,
  };
}

function clipped(result: StepResult, limit: number | undefined): StepResult {
  if (limit === undefined) return result;
  const names = Object.keys(result.gradients);
  const gradients = clipByGlobalNorm(Object.values(result.gradients), limit);
  return {
    ...result,
    gradients: Object.fromEntries(names.map((name, index) => [name, gradients[index] as Tensor])),
  };
}

/** The state after a step, as its outputs. */
function nextState(
  given: Given,
  { tensors, buffers }: StateLayout,
  result: StepResult,
  averageDecay: number | undefined,
): Record<string, Tensor> {
  const outputs: Record<string, Tensor> = {};
  for (const tensor of tensors) {
    const next = optimized(given, tensor, gradientOf(tensor, result.gradients));
    if (averageDecay !== undefined)
      next[AVERAGE] = movingAverage(
        given[stateInput(AVERAGE, tensor)] as Tensor,
        next['weights'] as Tensor,
        averageDecay,
      );
    for (const [vector, value] of Object.entries(next))
      outputs[`${stateInput(vector, tensor)}Next`] = value;
  }
  for (const buffer of buffers) {
    const input = bufferInput(buffer);
    outputs[`${input}Next`] = result.buffers?.[buffer.name] ?? (given[input] as Tensor);
  }
  return outputs;
}

/** Of the parts, along the first axis of what they are joined to. */
function lengthsOf({ join, parts }: StateTensor): number[] {
  return parts.map(({ size }) => (join === 'stacked' ? 1 : size));
}

function gradientOf({ join, parts }: StateTensor, gradients: Given): Tensor {
  const found = parts.map(({ piece: { name } }) => {
    const gradient = gradients[name];
    if (gradient === undefined) throw new Error(`The step has no gradient of "${name}".`);
    return join === 'flat' && gradient.rank > 1 ? reshape(gradient, [gradient.size]) : gradient;
  });
  if (join === 'none') return found[0] as Tensor;
  return join === 'stacked' ? stack(found) : concat(found as Tensor1D[]);
}

/** The weights and slots of a tensor after the step. */
function optimized(given: Given, tensor: StateTensor, gradient: Tensor): Record<string, Tensor> {
  const { group } = tensor;
  const at = (name: string, input: string) => [name, given[input] as Tensor] as const;
  const { optimizer } = group;
  const isStacked = tensor.join === 'stacked';
  const shape = isStacked ? tensor.shape.slice(1) : tensor.shape;
  const names = ['weights', ...optimizer.slots(shape)];
  const state = names.map((vector) => at(vector, stateInput(vector, tensor)));
  const rates = rateNames(group).map((rate) => at(rate, rateInput(group, rate)));
  const update = (isStacked ? optimizer.stackedUpdate(shape) : null) ?? optimizer.update;
  return { ...update(Object.fromEntries(state), gradient, Object.fromEntries(rates)) };
}
