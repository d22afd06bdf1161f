/**
 * @file The state of a training step as many tensors, not a few flat vectors: what is an input and an output of its
 * own is never split, joined or copied. A packed projection counts as its three parts; vectors, which are small, are
 * one tensor of their group all together.
 */
import type { StateLinks, TensorMap } from '@plumbline/contracts';
import { projectionParts } from '../nn/attention.ts';
import { type ParameterSpec, parameterSize, totalSize } from '../nn/parameters.ts';
import { float32 } from '../onnx/index.ts';
import type { EmissionTarget, TracedInput } from '../trace/index.ts';
import type { ParameterGroup, StepSpec } from './trainable.ts';

/** A piece, or all that a group joins: one input of a step and one output for each of its vectors. */
export interface StateTensor {
  readonly name: string;
  readonly group: ParameterGroup;
  /** `weights`, the optimizer's slots, and `average` where one is kept. */
  readonly vectors: readonly string[];
  readonly shape: readonly number[];
  /** Several pieces in one: `flat`, or `stacked` along a first axis. */
  readonly join: 'none' | 'flat' | 'stacked';
  /** The pieces in it, one after the other, and where each begins in the flat vector. */
  readonly parts: readonly Part[];
}

interface Part {
  readonly piece: ParameterSpec;
  readonly index: number;
  readonly offset: number;
  readonly size: number;
}

export interface StateLayout {
  /** What a step computes with, in the order of the flat vector. */
  readonly pieces: readonly ParameterSpec[];
  /** All vectors that some tensor has. */
  readonly vectors: readonly string[];
  readonly tensors: readonly StateTensor[];
  readonly buffers: readonly ParameterSpec[];
}

/** Numbers by name: those of `StateLayout.vectors`, f32 `[P]` each, and `buffers/…`. */
export type StateVectors = Readonly<Record<string, Float32Array>>;

export const AVERAGE = 'average';
/** What the inputs of buffers begin with. */
export const BUFFERS = 'buffers/';

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

/** @param target What computes the step. */
export function stateLayout(
  { groups, buffers = [], averageDecay }: Pick<StepSpec, 'groups' | 'buffers' | 'averageDecay'>,
  target: EmissionTarget = 'processor',
): StateLayout {
  const pieces: ParameterSpec[] = [];
  const tensors: StateTensor[] = [];
  const averages = averageDecay === undefined ? [] : [AVERAGE];
  let offset = 0;
  for (const group of groups) {
    const parts = statePieces(group.parameters).map((piece) => {
      const part = { piece, index: pieces.length, offset, size: parameterSize(piece) };
      pieces.push(piece);
      offset += part.size;
      return part;
    });
    tensors.push(...groupTensors(group, parts, averages, target));
  }
  const vectors = [...new Set(tensors.flatMap((tensor) => tensor.vectors))];
  return { pieces, vectors, tensors, buffers };
}

/**
 * Matrices are tensors of their own. Vectors (biases, norms) are joined: an optimizer takes them in one go, where each
 * alone would cost its ten operations more time to start than to compute. On a device that holds for matrices as well:
 * there a pass over all weights takes as long as some ten operations take to start.
 */
function groupTensors(
  group: ParameterGroup,
  parts: readonly Part[],
  averages: readonly string[],
  target: EmissionTarget,
): StateTensor[] {
  const vectorsOf = (shape: readonly number[]) => [
    ...['weights', ...group.optimizer.slots(shape), ...averages],
  ];
  const isSmall = ({ piece: { shape } }: Part) =>
    group.optimizer.elementwise(shape) && (target === 'device' || shape.length === 1);
  const small = parts.filter(isSmall);
  const shape = [small.reduce((sum, { size }) => sum + size, 0)];
  const together: StateTensor = {
    ...{ name: `*${group.name}`, group, vectors: vectorsOf(shape), join: 'flat', parts: small },
    shape,
  };
  const large = parts.filter((part) => !isSmall(part));
  const tensors = stacks(group, large, target).map(([first, ...others]): StateTensor => {
    const { name, shape: own } = first.piece;
    const isAlone = others.length === 0;
    return {
      ...{ name: isAlone ? name : `${name}*`, group, vectors: vectorsOf(own) },
      ...{ join: isAlone ? 'none' : 'stacked', parts: [first, ...others] },
      shape: isAlone ? own : [1 + others.length, ...own],
    };
  });
  return small.length === 0 ? tensors : [together, ...tensors];
}

/** Parts of one shape that a device updates as one: a dozen products of small matrices take it as long as one. */
function stacks(
  { optimizer }: ParameterGroup,
  parts: readonly Part[],
  target: EmissionTarget,
): [Part, ...Part[]][] {
  const found = new Map<string, [Part, ...Part[]]>();
  for (const part of parts) {
    const { name, shape } = part.piece;
    const isStackable = target === 'device' && optimizer.stackedUpdate(shape) !== null;
    const key = isStackable ? shape.join('x') : name;
    const stack = found.get(key);
    if (stack === undefined) found.set(key, [part]);
    else stack.push(part);
  }
  return [...found.values()];
}

/** Name of an input of the state; its output is called `<input>Next`. */
export function stateInput(vector: string, { name }: { readonly name: string }): string {
  return `${vector}/${name}`;
}

export function bufferInput({ name }: { readonly name: string }): string {
  return `${BUFFERS}${name}`;
}

/** The tensors of each vector, one vector after the other. */
function entries({ vectors, tensors }: StateLayout) {
  return vectors.flatMap((vector) =>
    tensors
      .filter((tensor) => tensor.vectors.includes(vector))
      .map((tensor) => ({ vector, tensor, input: stateInput(vector, tensor) })),
  );
}

/**
 * Which output is which input of the next step. Slots and averages are written in place: only their own update reads
 * them. Weights and buffers are not: some gradients are still computed from a weight when its update may be done.
 */
export function stateLinks(layout: StateLayout): StateLinks {
  const link = (input: string, inPlace: boolean) =>
    [input, { output: `${input}Next`, inPlace }] as const;
  return Object.fromEntries([
    ...entries(layout).map(({ vector, input }) => link(input, vector !== 'weights')),
    ...layout.buffers.map((buffer) => link(bufferInput(buffer), false)),
  ]);
}

/** The state as inputs of a step. */
export function stateInputs(layout: StateLayout): Record<string, TracedInput> {
  return Object.fromEntries([
    ...entries(layout).map(({ tensor, input }) => [input, { shape: tensor.shape }] as const),
    ...layout.buffers.map((buffer) => [bufferInput(buffer), { shape: buffer.shape }] as const),
  ]);
}

/** By input name. Matrices are views of the vectors: what takes them over writes to the vectors. */
export function splitState(layout: StateLayout, state: StateVectors): TensorMap {
  const tensors = entries(layout).map(({ vector, tensor, input }) => {
    const flat = state[vector] as Float32Array;
    const views = tensor.parts.map(({ offset, size }) => flat.subarray(offset, offset + size));
    const values = tensor.join !== 'none' ? joined(views) : (views[0] as Float32Array);
    return [input, float32(tensor.shape, values)] as const;
  });
  const buffers = layout.buffers.map((buffer) => {
    const input = bufferInput(buffer);
    return [input, float32(buffer.shape, state[input] as Float32Array)] as const;
  });
  return Object.fromEntries([...tensors, ...buffers]);
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

/** The flat vectors and the buffers, copied. */
export function joinState(layout: StateLayout, tensors: TensorMap): StateVectors {
  const size = totalSize(layout.pieces);
  const state: Record<string, Float32Array> = Object.fromEntries(
    layout.vectors.map((vector) => [vector, new Float32Array(size)]),
  );
  for (const { vector, tensor, input } of entries(layout)) {
    const values = tensors[input]?.data as Float32Array;
    let from = 0;
    for (const part of tensor.parts) {
      state[vector]?.set(values.subarray(from, from + part.size), part.offset);
      from += part.size;
    }
  }
  for (const buffer of layout.buffers) {
    const input = bufferInput(buffer);
    state[input] = Float32Array.from(tensors[input]?.data as Float32Array);
  }
  return state;
}
