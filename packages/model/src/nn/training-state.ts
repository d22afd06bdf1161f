/**
 * @file The state of a training step as many tensors, not three flat vectors: what is an input and an output of its
 * own is never split, joined or copied. A packed projection counts as its three parts.
 */
import type { StateLinks, TensorMap } from '@plumbline/contracts';
import type { Tensor } from '@tensorflow/tfjs-core';
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

/** Name of a piece's input; its output is called `<input>Next`. */
export function stateInput(vector: (typeof STATE_VECTORS)[number], piece: ParameterSpec): string {
  return `${vector}/${piece.name}`;
}

/**
 * Which output is which input of the next step. Moments are written in place: only their own update reads them. Weights
 * are not: some gradients are still computed from a weight when its update may be done.
 */
export function stateLinks(pieces: readonly ParameterSpec[]): StateLinks {
  return Object.fromEntries(
    STATE_VECTORS.flatMap((vector) =>
      pieces.map((piece) => {
        const name = stateInput(vector, piece);
        return [name, { output: `${name}Next`, inPlace: vector !== 'weights' }];
      }),
    ),
  );
}

/** The state as inputs of a step. */
export function stateInputs(pieces: readonly ParameterSpec[]): Record<string, TracedInput> {
  return Object.fromEntries(
    STATE_VECTORS.flatMap((vector) =>
      pieces.map((piece) => [stateInput(vector, piece), { shape: piece.shape }] as const),
    ),
  );
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
  for (const [index, piece] of pieces.entries()) {
    const before = {
      weights: at(stateInput('weights', piece)),
      firstMoment: at(stateInput('firstMoment', piece)),
      secondMoment: at(stateInput('secondMoment', piece)),
    };
    const next = adamStep(before, gradients[index] as Tensor, rates, adam);
    for (const vector of STATE_VECTORS) outputs[`${stateInput(vector, piece)}Next`] = next[vector];
  }
  return outputs;
}

/** Views of the vectors, by input name: what takes them over writes to the vectors. */
export function splitState(pieces: readonly ParameterSpec[], state: AdamVectors): TensorMap {
  const tensors: TensorMap = {};
  for (const vector of STATE_VECTORS) {
    let offset = 0;
    for (const piece of pieces) {
      const size = parameterSize(piece);
      const values = state[vector].subarray(offset, offset + size);
      tensors[stateInput(vector, piece)] = float32(piece.shape, values);
      offset += size;
    }
  }
  return tensors;
}

/** The vectors, copied together. */
export function joinState(pieces: readonly ParameterSpec[], tensors: TensorMap): AdamVectors {
  const join = (vector: (typeof STATE_VECTORS)[number]): Float32Array => {
    const flat = new Float32Array(totalSize(pieces));
    let offset = 0;
    for (const piece of pieces) {
      flat.set(tensors[stateInput(vector, piece)]?.data as Float32Array, offset);
      offset += parameterSize(piece);
    }
    return flat;
  };
  return {
    weights: join('weights'),
    firstMoment: join('firstMoment'),
    secondMoment: join('secondMoment'),
  };
}
