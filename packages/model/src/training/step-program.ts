/** @file A training step as one program: losses, their gradients and the optimizers; state in, state out. */
import type { TensorMap } from '@plumbline/contracts';
import {
  add,
  clone,
  concat,
  keep,
  mul,
  split,
  type Tensor,
  type Tensor1D,
  valueAndGrads,
} from '@tensorflow/tfjs-core';
import { byName, type Parameters } from '../nn/parameters.ts';
import { float32 } from '../onnx/index.ts';
import type { TensorProgram, TracedInput } from '../trace/index.ts';
import {
  isJoined,
  type StateLayout,
  type StateTensor,
  stateInput,
  stateInputs,
  stateLayout,
  vectorsOf,
} from './state-layout.ts';
import type { ParameterGroup, StepGiven, StepResult, StepSpec } from './trainable.ts';

type Given = Readonly<Record<string, Tensor>>;

/** Name of a loss among the outputs. */
export function lossOutput(name: string): string {
  return `losses/${name}`;
}

function rateInput({ name }: ParameterGroup, rate: string): string {
  return `rates/${name}/${rate}`;
}

/**
 * Inputs: the state as `stateInputs` has it; those of the spec; `rates/…`, f32 scalars (`rateFeeds`). Outputs: the
 * state after the step (`stateLinks`), and `losses/…`, scalars, before it.
 */
export function stepProgram(spec: StepSpec): TensorProgram {
  const layout = stateLayout(spec);
  const rates = spec.groups.flatMap((group) =>
    Object.keys(group.optimizer.rates(1, 0)).map((rate): [string, TracedInput] => [
      rateInput(group, rate),
      { shape: [] },
    ]),
  );
  return {
    name: `${spec.name}-training-step`,
    inputs: { ...stateInputs(layout), ...spec.inputs, ...Object.fromEntries(rates) },
    body: (given) => {
      const result = spec.step(stepGiven(given, layout));
      const losses = Object.entries(result.losses).map(([name, loss]) => [lossOutput(name), loss]);
      return { ...Object.fromEntries(losses), ...nextState(given, layout, result) };
    },
  };
}

/** The rates of a step. @param step 0-based. */
export function rateFeeds(groups: readonly ParameterGroup[], step: number): TensorMap {
  const feeds = groups.flatMap((group) =>
    Object.entries(group.optimizer.rates(step + 1, group.learningRate(step))).map(
      ([rate, value]) => [rateInput(group, rate), float32([], [value])] as const,
    ),
  );
  return Object.fromEntries(feeds);
}

function stepGiven(given: Given, { pieces, tensors, buffers }: StateLayout): StepGiven {
  const weights: Tensor[] = [];
  for (const tensor of tensors) {
    const value = given[stateInput('weights', tensor)] as Tensor;
    const sizes = tensor.parts.map(({ size }) => size);
    const values = isJoined(tensor) ? split(value, sizes) : [value];
    for (const [place, { index }] of tensor.parts.entries())
      weights[index] = values[place] as Tensor;
  }
  const bufferOf = (name: string) => given[stateInput('buffers', { name })] as Tensor;
  return {
    parameters: byName(weights, pieces),
    buffers: Object.fromEntries(buffers.map(({ name }) => [name, bufferOf(name)])),
    inputs: given,
  };
}

/** The state after a step, as its outputs. */
function nextState(given: Given, layout: StateLayout, result: StepResult): Record<string, Tensor> {
  const outputs: Record<string, Tensor> = {};
  for (const tensor of layout.tensors) {
    const next = nextTensors(given, tensor, gradientOf(layout, tensor, result.gradients));
    for (const [vector, value] of Object.entries(next))
      outputs[`${stateInput(vector, tensor)}Next`] = value;
  }
  for (const buffer of layout.buffers) {
    const input = stateInput('buffers', buffer);
    outputs[`${input}Next`] = result.buffers?.[buffer.name] ?? (given[input] as Tensor);
  }
  return outputs;
}

function gradientOf({ pieces }: StateLayout, tensor: StateTensor, gradients: Parameters): Tensor {
  const parts = tensor.parts.map(({ index }) => {
    const name = pieces[index]?.name ?? '';
    const gradient = gradients[name];
    if (gradient === undefined) throw new Error(`The step has no gradient of "${name}".`);
    return gradient;
  });
  return isJoined(tensor) ? concat(parts as Tensor1D[]) : (parts[0] as Tensor);
}

function nextTensors(given: Given, tensor: StateTensor, gradient: Tensor): Record<string, Tensor> {
  const { group } = tensor;
  const { optimizer, averageDecay } = group;
  const at = (vector: string) => given[stateInput(vector, tensor)] as Tensor;
  const state = Object.fromEntries(vectorsOf(group).map((vector) => [vector, at(vector)]));
  const names = Object.keys(optimizer.rates(1, 0));
  const rates = Object.fromEntries(
    names.map((rate) => [rate, given[rateInput(group, rate)] as Tensor]),
  );
  const next = { ...optimizer.update(state, gradient, rates) };
  if (averageDecay === undefined) return next;
  const average = add(
    mul(at('average'), averageDecay),
    mul(next['weights'] as Tensor, 1 - averageDecay),
  );
  return { ...next, average };
}

/** What a loss function gives: the scalar to minimize, others to tell of, and buffers after the step. */
export interface LossResult {
  readonly total: Tensor;
  readonly others?: Readonly<Record<string, Tensor>>;
  readonly buffers?: Readonly<Record<string, Tensor>>;
}

/** Value and gradients of a loss: the usual body of a `step`. */
export function differentiate(
  parameters: Parameters,
  lossOf: (parameters: Parameters) => LossResult,
): StepResult {
  const names = Object.keys(parameters);
  let besides: Omit<LossResult, 'total'> = {};
  const { value, grads } = valueAndGrads((...tensors: Tensor[]) => {
    const {
      total,
      others = {},
      buffers = {},
    } = lossOf(Object.fromEntries(names.map((name, index) => [name, tensors[index] as Tensor])));
    besides = { others: kept(others), buffers: kept(buffers) };
    return total;
  })(names.map((name) => parameters[name] as Tensor));
  return {
    losses: { ...released(besides.others), total: value },
    gradients: Object.fromEntries(names.map((name, index) => [name, grads[index] as Tensor])),
    buffers: released(besides.buffers),
  };
}

/** Differentiation disposes all that its function made but the value. */
function kept(tensors: Given): Given {
  return Object.fromEntries(Object.entries(tensors).map(([name, x]) => [name, keep(clone(x))]));
}

function released(tensors: Given = {}): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, x]) => {
      const copy = clone(x);
      x.dispose();
      return [name, copy];
    }),
  );
}
