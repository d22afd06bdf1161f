/** @file Value and gradients of a loss: the usual body of a `step`. */
import { clone, keep, type Tensor, valueAndGrads } from '@tensorflow/tfjs-core';
import type { Parameters } from '../nn/parameters.ts';
import type { StepResult } from './trainable.ts';

type Tensors = Readonly<Record<string, Tensor>>;

/** What a loss function gives: the scalar to minimize and, if it has any, the buffers after the step. */
export interface LossResult {
  readonly loss: Tensor;
  readonly buffers?: Tensors;
}

export function differentiate(
  parameters: Parameters,
  lossOf: (parameters: Parameters) => LossResult,
): StepResult {
  const names = Object.keys(parameters);
  let buffers: Tensors = {};
  const { value, grads } = valueAndGrads((...tensors: Tensor[]) => {
    const result = lossOf(
      Object.fromEntries(names.map((name, index) => [name, tensors[index] as Tensor])),
    );
    buffers = kept(result.buffers ?? {});
    return result.loss;
  })(names.map((name) => parameters[name] as Tensor));
  return {
    loss: value,
    gradients: Object.fromEntries(names.map((name, index) => [name, grads[index] as Tensor])),
    buffers: released(buffers),
  };
}

/** Differentiation disposes all that its function made but the value. */
function kept(tensors: Tensors): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, x]) => [name, keep(clone(x))]));
}

/** Back to the scope that differentiates. */
function released(tensors: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, x]) => {
      const copy = clone(x);
      x.dispose();
      return [name, copy];
    }),
  );
}
