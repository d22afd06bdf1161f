/**
 * @file The state of a training step as many tensors, not a few flat vectors: what is an input and an output of its
 * own is never split, joined or copied. A packed projection counts as its three parts; vectors, which are small, are
 * one tensor of their group all together.
 */
import type { StateLinks, TensorMap } from '@plumbline/contracts';
import { projectionParts } from '../nn/attention.ts';
import { type ParameterSpec, parameterSize, totalSize } from '../nn/parameters.ts';
import { float32 } from '../onnx/index.ts';
import type { TracedInput } from '../trace/index.ts';
import type { ParameterGroup, StepSpec } from './trainable.ts';

/** What is one input of a step and one output: a piece, or all vectors of a group. */
export interface StateTensor {
  readonly name: string;
  readonly group: ParameterGroup;
  readonly shape: readonly number[];
  /** The pieces in it, one after the other, and where each begins in the flat vector. */
  readonly parts: readonly {
    readonly index: number;
    readonly offset: number;
    readonly size: number;
  }[];
}

export interface StateLayout {
  /** What a step computes with, in the order of the flat vector. */
  readonly pieces: readonly ParameterSpec[];
  readonly tensors: readonly StateTensor[];
  readonly buffers: readonly ParameterSpec[];
}

/** Numbers by name: `weights`, the optimizers' slots and `average`, f32 `[P]` each, and `buffers/…`. */
export type StateVectors = Readonly<Record<string, Float32Array>>;

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

export function stateLayout({
  groups,
  buffers = [],
}: Pick<StepSpec, 'groups' | 'buffers'>): StateLayout {
  const pieces: ParameterSpec[] = [];
  const tensors: StateTensor[] = [];
  let offset = 0;
  for (const group of groups) {
    const parts = statePieces(group.parameters).map((piece) => {
      const part = { piece, index: pieces.length, offset, size: parameterSize(piece) };
      pieces.push(piece);
      offset += part.size;
      return part;
    });
    tensors.push(...groupTensors(group, parts));
  }
  return { pieces, tensors, buffers };
}

type Part = StateTensor['parts'][number] & { readonly piece: ParameterSpec };

/**
 * Matrices are tensors of their own. Vectors (biases, norms) are joined: an optimizer takes them in one go, where each
 * alone would cost its ten operations more time to start than to compute.
 */
function groupTensors(group: ParameterGroup, parts: readonly Part[]): StateTensor[] {
  const isJoined = ({ piece }: Part) => group.optimizer.elementwise && piece.shape.length === 1;
  const vectors = parts.filter(isJoined);
  const together: StateTensor = {
    name: `*${group.name}`,
    group,
    shape: [vectors.reduce((sum, { size }) => sum + size, 0)],
    parts: vectors,
  };
  const alone = parts
    .filter((part) => !isJoined(part))
    .map((part) => ({ name: part.piece.name, group, shape: part.piece.shape, parts: [part] }));
  return vectors.length === 0 ? alone : [together, ...alone];
}

export function isJoined({ name, group }: StateTensor): boolean {
  return name === `*${group.name}`;
}

/** The weights, the slots of the optimizer and the moving average where the group keeps one. */
export function vectorsOf({ optimizer, averageDecay }: ParameterGroup): string[] {
  return ['weights', ...optimizer.slots, ...(averageDecay === undefined ? [] : ['average'])];
}

/** Name of an input of the state; its output is called `<input>Next`. */
export function stateInput(vector: string, { name }: { readonly name: string }): string {
  return `${vector}/${name}`;
}

function entries({ tensors, buffers }: StateLayout) {
  return [
    ...everyVector(tensors).flatMap((vector) =>
      tensors
        .filter((tensor) => vectorsOf(tensor.group).includes(vector))
        .map((tensor) => ({ vector, tensor, input: stateInput(vector, tensor) })),
    ),
    ...buffers.map((tensor) => ({
      vector: 'buffers',
      tensor,
      input: stateInput('buffers', tensor),
    })),
  ];
}

function everyVector(tensors: readonly StateTensor[]): string[] {
  return [...new Set(tensors.flatMap(({ group }) => vectorsOf(group)))];
}

/**
 * Which output is which input of the next step. Slots and averages are written in place: only their own update reads
 * them. Weights and buffers are not: some gradients are still computed from a weight when its update may be done.
 */
export function stateLinks(layout: StateLayout): StateLinks {
  return Object.fromEntries(
    entries(layout).map(({ vector, input }) => [
      input,
      { output: `${input}Next`, inPlace: vector !== 'weights' && vector !== 'buffers' },
    ]),
  );
}

/** The state as inputs of a step. */
export function stateInputs(layout: StateLayout): Record<string, TracedInput> {
  return Object.fromEntries(
    entries(layout).map(({ tensor, input }) => [input, { shape: tensor.shape }]),
  );
}

/** By input name. Matrices are views of the vectors: what takes them over writes to the vectors. */
export function splitState(layout: StateLayout, state: StateVectors): TensorMap {
  const tensors: TensorMap = {};
  for (const vector of everyVector(layout.tensors)) {
    const flat = state[vector] as Float32Array;
    for (const tensor of layout.tensors) {
      if (!vectorsOf(tensor.group).includes(vector)) continue;
      const views = tensor.parts.map(({ offset, size }) => flat.subarray(offset, offset + size));
      const values = isJoined(tensor) ? joined(views) : (views[0] as Float32Array);
      tensors[stateInput(vector, tensor)] = float32(tensor.shape, values);
    }
  }
  for (const buffer of layout.buffers) {
    const input = stateInput('buffers', buffer);
    tensors[input] = float32(buffer.shape, state[input] as Float32Array);
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
export function joinState(layout: StateLayout, tensors: TensorMap): StateVectors {
  const vectors = everyVector(layout.tensors).map((vector) => {
    const flat = new Float32Array(totalSize(layout.pieces));
    for (const tensor of layout.tensors) {
      if (!vectorsOf(tensor.group).includes(vector)) continue;
      const values = tensors[stateInput(vector, tensor)]?.data as Float32Array;
      let from = 0;
      for (const { offset, size } of tensor.parts) {
        flat.set(values.subarray(from, from + size), offset);
        from += size;
      }
    }
    return [vector, flat] as const;
  });
  const buffers = layout.buffers.map((buffer) => {
    const input = stateInput('buffers', buffer);
    return [input, Float32Array.from(tensors[input]?.data as Float32Array)] as const;
  });
  return Object.fromEntries([...vectors, ...buffers]);
}
