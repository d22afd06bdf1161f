/**
 * @file The state of a training step as many tensors, not three flat vectors: what is an input and an output of its
 * own is never split, joined or copied. A packed projection counts as its three parts; vectors, which are small, are
 * one tensor all together.
 */
import type { StateLinks, TensorMap } from '@plumbline/contracts';
import { concat, split, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import { float32 } from '../onnx/index.ts';
import type { TracedInput } from '../trace/index.ts';
import { type AdamConfig, adamStep } from './adam.ts';
import { projectionParts } from './attention.ts';
import { type ParameterSpec, parameterSize, totalSize } from './parameters.ts';

/** Weights and moments, f32 `[P]` each, in the order of the specs. */
export interface AdamVectors {
  readonly weights: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
}

export const STATE_VECTORS = ['weights', 'firstMoment', 'secondMoment'] as const;

/** The pieces that a step computes with, in the order of the flat vector. */
export function statePieces(specs: readonly ParameterSpec[]): ParameterSpec[] {
  return specs.flatMap(projectionParts).map(asMatrix);
}

/** A Conv1d weight of kernel 1, `[d, C, 1]`, as `[d, C]`: an axis of 1 at the end makes onnxruntime take numbers one by one. */
function asMatrix(spec: ParameterSpec): ParameterSpec {
  const [d, channels, kernel] = spec.shape;
  if (spec.shape.length !== 3 || d === undefined || channels === undefined || kernel !== 1)
    return spec;
  return { ...spec, shape: [d, channels] };
}

/** What is one input of a step and one output: a piece, or all vectors. */
interface StateTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** The pieces in it, one after the other, and where each begins in the flat vector. */
  readonly parts: readonly {
    readonly index: number;
    readonly offset: number;
    readonly size: number;
  }[];
}

/** Name of the vectors, joined. */
const VECTORS = '*vectors';

/**
 * Matrices are tensors of their own. Vectors (biases, norms) are joined: Adam takes them in one go, where each alone
 * would cost its ten operations more time to start than to compute.
 */
function stateTensors(pieces: readonly ParameterSpec[]): StateTensor[] {
  let offset = 0;
  const parts = pieces.map((piece, index) => {
    const part = { index, offset, size: parameterSize(piece) };
    offset += part.size;
    return part;
  });
  const isVector = ({ index }: { index: number }) => pieces[index]?.shape.length === 1;
  const vectors = parts.filter(isVector);
  const together = {
    name: VECTORS,
    shape: [vectors.reduce((sum, { size }) => sum + size, 0)],
    parts: vectors,
  };
  const matrices = parts
    .filter((part) => !isVector(part))
    .map((part) => ({ ...(pieces[part.index] as ParameterSpec), parts: [part] }));
  return vectors.length === 0 ? matrices : [together, ...matrices];
}

/** Name of an input of the state; its output is called `<input>Next`. */
export function stateInput(
  vector: (typeof STATE_VECTORS)[number],
  { name }: { readonly name: string },
): string {
  return `${vector}/${name}`;
}

/**
 * Which output is which input of the next step. Moments are written in place: only their own update reads them. Weights
 * are not: some gradients are still computed from a weight when its update may be done.
 */
export function stateLinks(pieces: readonly ParameterSpec[]): StateLinks {
  return Object.fromEntries(
    STATE_VECTORS.flatMap((vector) =>
      stateTensors(pieces).map((tensor) => {
        const name = stateInput(vector, tensor);
        return [name, { output: `${name}Next`, inPlace: vector !== 'weights' }];
      }),
    ),
  );
}

/** The state as inputs of a step. */
export function stateInputs(pieces: readonly ParameterSpec[]): Record<string, TracedInput> {
  return Object.fromEntries(
    STATE_VECTORS.flatMap((vector) =>
      stateTensors(pieces).map(
        (tensor) => [stateInput(vector, tensor), { shape: tensor.shape }] as const,
      ),
    ),
  );
}

/** The weights among the inputs of a step, one tensor a piece. */
export function stateWeights(
  given: Readonly<Record<string, Tensor>>,
  pieces: readonly ParameterSpec[],
): Tensor[] {
  const weights: Tensor[] = [];
  for (const tensor of stateTensors(pieces)) {
    const value = given[stateInput('weights', tensor)] as Tensor;
    const sizes = tensor.parts.map(({ size }) => size);
    const values = tensor.name === VECTORS ? split(value, sizes) : [value];
    for (const [place, { index }] of tensor.parts.entries())
      weights[index] = values[place] as Tensor;
  }
  return weights;
}

/** Adam's scalars (`adamRates`) as inputs of a step. */
export const RATE_INPUTS = {
  stepSize: { shape: [] },
  epsilon: { shape: [] },
  keep: { shape: [] },
} as const;

/**
 * The state after a step of Adam, as its outputs.
 * @param given The step's inputs, by name.
 * @param gradients One a piece, in its shape.
 */
export function nextState(
  given: Readonly<Record<string, Tensor>>,
  pieces: readonly ParameterSpec[],
  gradients: readonly Tensor[],
  adam: AdamConfig,
): Record<string, Tensor> {
  const at = (name: string): Tensor => given[name] as Tensor;
  const rates = { stepSize: at('stepSize'), epsilon: at('epsilon'), keep: at('keep') };
  const outputs: Record<string, Tensor> = {};
  for (const tensor of stateTensors(pieces)) {
    const before = {
      weights: at(stateInput('weights', tensor)),
      firstMoment: at(stateInput('firstMoment', tensor)),
      secondMoment: at(stateInput('secondMoment', tensor)),
    };
    const parts = tensor.parts.map(({ index }) => gradients[index] as Tensor1D);
    const gradient = tensor.name === VECTORS ? concat(parts) : (parts[0] as Tensor);
    const next = adamStep(before, gradient, rates, adam);
    for (const vector of STATE_VECTORS) outputs[`${stateInput(vector, tensor)}Next`] = next[vector];
  }
  return outputs;
}

/** By input name. Matrices are views of the vectors: what takes them over writes to the vectors. */
export function splitState(pieces: readonly ParameterSpec[], state: AdamVectors): TensorMap {
  const tensors: TensorMap = {};
  for (const vector of STATE_VECTORS) {
    for (const tensor of stateTensors(pieces)) {
      const views = tensor.parts.map(({ offset, size }) =>
        state[vector].subarray(offset, offset + size),
      );
      const values = tensor.name === VECTORS ? joined(views) : (views[0] as Float32Array);
      tensors[stateInput(vector, tensor)] = float32(tensor.shape, values);
    }
  }
  return tensors;
}

function joined(views: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(views.reduce((sum, view) => sum + view.length, 0));
  let offset = 0;
  for (const view of views) {
    all.set(view, offset);
    offset += view.length;
  }
  return all;
}

/** The flat vectors, copied together. */
export function joinState(pieces: readonly ParameterSpec[], tensors: TensorMap): AdamVectors {
  const join = (vector: (typeof STATE_VECTORS)[number]): Float32Array => {
    const flat = new Float32Array(totalSize(pieces));
    for (const tensor of stateTensors(pieces)) {
      const values = tensors[stateInput(vector, tensor)]?.data as Float32Array;
      let from = 0;
      for (const { offset, size } of tensor.parts) {
        flat.set(values.subarray(from, from + size), offset);
        from += size;
      }
    }
    return flat;
  };
  return {
    weights: join('weights'),
    firstMoment: join('firstMoment'),
    secondMoment: join('secondMoment'),
  };
}
