/**
 * @file Builds an ONNX graph node by node. Equal constants and equal nodes are shared, transpositions of transpositions
 * are one, what no output depends on is left out, and shapes are inferred on the way.
 */
import { createHash } from 'node:crypto';
import type { TensorDtype, TensorValue } from '@plumbline/contracts';
import type { AttributeValue } from './attribute-value.ts';
import { inferShapes } from './infer-shapes.ts';
import { outputsNamed } from './name-outputs.ts';
import { pruned } from './prune.ts';
import {
  ATTRIBUTE_TYPE,
  type AttributeProto,
  DATA_TYPE,
  encodeModelProto,
  type GraphProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './schema.ts';
import { toHalfProto, toTensorProto } from './tensor.ts';

/** A number is a fixed size, a string the name of one that is known when the graph runs. */
export type SymbolicShape = readonly (number | string)[];

/** Opset 20 and IR version 9: read by onnxruntime 1.17 (2024) and later. */
export const DEFAULT_OPSET = 20;
const IR_VERSION = 9;
/** Constants up to this many bytes are compared by content, larger ones by their SHA-256. */
const COMPARED_BYTES = 1024;

export class GraphBuilder {
  readonly opset: number;
  readonly #prefix: string;
  readonly #graph: GraphProto;
  readonly #constants = new Map<string, string>();
  readonly #halves = new Map<Uint16Array, string>();
  readonly #nodes = new Map<string, string[]>();
  readonly #names = new Set<string>();
  /** Shapes of values, where they are known in numbers. */
  readonly #shapes = new Map<string, readonly number[]>();
  readonly #integers = new Map<string, readonly number[]>();
  readonly #described = new Set<string>();
  /** Values that are a transposition, with what of. */
  readonly #transposed = new Map<string, { of: string; axes: readonly number[] }>();
  /** Values that are a reshape, with what of. */
  readonly #reshaped = new Map<string, string>();
  #counter = 0;

  /** @param prefix Put before names that are given here: those of a subgraph must differ from those around it. */
  constructor(name: string, opset: number = DEFAULT_OPSET, prefix = '') {
    this.opset = opset;
    this.#prefix = prefix;
    this.#graph = { name, node: [], initializer: [], input: [], output: [], value_info: [] };
  }

  get nodeCount(): number {
    return this.#graph.node.length;
  }

  /** @param numbers The shape to infer others from, where `shape` has sizes left open. */
  input(
    name: string,
    dtype: TensorDtype,
    shape: SymbolicShape,
    numbers: SymbolicShape = shape,
  ): string {
    this.#claim(name);
    this.#graph.input.push(valueInfo(name, dtype, shape));
    if (isNumeric(numbers)) this.#shapes.set(name, numbers);
    return name;
  }

  /** The inferred shape of a value; null where it can't be told. */
  shapeOf(name: string): readonly number[] | null {
    return this.#shapes.get(name) ?? null;
  }

  /** Writes dtype and shape of an inner value into the file, for those that read or optimize it. */
  describe(name: string, dtype: TensorDtype, shape: SymbolicShape): void {
    if (this.#described.has(name)) return;
    this.#described.add(name);
    this.#graph.value_info?.push(valueInfo(name, dtype, shape));
  }

  /** An initializer. One equal to an earlier one is shared unless it is named. */
  constant(value: TensorValue, name?: string): string {
    const key = name === undefined ? constantKey(value) : null;
    const known = key === null ? undefined : this.#constants.get(key);
    if (known !== undefined) return known;
    const id = name ?? this.#fresh('c');
    if (name !== undefined) this.#claim(name);
    this.#graph.initializer.push(toTensorProto(value, id));
    if (key !== null) this.#constants.set(key, id);
    this.#shapes.set(id, value.shape);
    if (value.data instanceof BigInt64Array) this.#integers.set(id, Array.from(value.data, Number));
    return id;
  }

  /** An initializer of float16 values, given by their bits; the same array is stored once. */
  halves(shape: readonly number[], bits: Uint16Array): string {
    const known = this.#halves.get(bits);
    if (known !== undefined) return known;
    const name = this.#fresh('c');
    this.#graph.initializer.push(toHalfProto(shape, bits, name));
    this.#halves.set(bits, name);
    this.#shapes.set(name, shape);
    return name;
  }

  /** An initializer copied from another model, whose name the caller has made unique. */
  rawInitializer(tensor: TensorProto): void {
    this.#claim(tensor.name);
    this.#graph.initializer.push(tensor);
  }

  /**
   * Adds a node; one equal to an earlier one (same operator, inputs and attributes) is that one.
   * @param inputs Value names; `''` is an absent optional input.
   * @param outputs How many outputs, or their names.
   * @returns The output names.
   */
  node(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
    outputs: number | readonly string[] = 1,
  ): string[] {
    const key = typeof outputs === 'number' ? nodeKey(opType, inputs, attributes, outputs) : null;
    const known = key === null ? undefined : this.#nodes.get(key);
    if (known !== undefined) return known;
    const names =
      typeof outputs === 'number'
        ? Array.from({ length: outputs }, () => this.#fresh('v'))
        : [...outputs];
    if (typeof outputs !== 'number') for (const name of names) if (name !== '') this.#claim(name);
    const node: NodeProto = {
      op_type: opType,
      input: [...inputs],
      output: names,
      name: `${opType}_${this.#graph.node.length}`,
      attribute: Object.entries(attributes).map(([name, value]) => toAttribute(name, value)),
    };
    this.#graph.node.push(node);
    if (key !== null) this.#nodes.set(key, names);
    const [reshaped = '', source = ''] = [names[0], inputs[0]];
    if (opType === 'Reshape') this.#reshaped.set(reshaped, this.#reshaped.get(source) ?? source);
    this.#infer(opType, inputs, attributes, names);
    return names;
  }

  /** A node with one output. */
  op(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): string {
    return this.node(opType, inputs, attributes)[0] as string;
  }

  /** Axes of `name` in another order. One of a transposition is merged with it; one that changes nothing is none. */
  transpose(name: string, axes: readonly number[]): string {
    const before = this.#transposed.get(name);
    if (before !== undefined)
      return this.transpose(
        before.of,
        axes.map((axis) => before.axes[axis] ?? axis),
      );
    if (axes.every((axis, at) => axis === at)) return name;
    const result = this.op('Transpose', [name], { perm: { is: axes } });
    this.#transposed.set(result, { of: name, axes });
    return result;
  }

  /** What a value is a transposition of; null for others. */
  transpositionOf(name: string): { readonly of: string; readonly axes: readonly number[] } | null {
    return this.#transposed.get(name) ?? null;
  }

  /** What a value is a reshape of, however often reshaped; null for others. */
  reshapedFrom(name: string): string | null {
    return this.#reshaped.get(name) ?? null;
  }

  /** Appends a node copied from another model, whose names the caller has made unique. */
  rawNode(node: NodeProto): void {
    for (const name of node.output) if (name !== '') this.#claim(name);
    this.#graph.node.push(node);
  }

  /** Declares a value as output; it must carry the name that the output shall have. */
  output(name: string, dtype: TensorDtype, shape: SymbolicShape): void {
    this.#graph.output.push(valueInfo(name, dtype, shape));
  }

  build(): Uint8Array {
    return encodeModelProto({
      ir_version: IR_VERSION,
      producer_name: 'plumbline',
      opset_import: [{ domain: '', version: this.opset }],
      graph: this.graph(),
    });
  }

  /** What a node of another graph can run. */
  graph(): GraphProto {
    return pruned(outputsNamed(this.#graph));
  }

  #infer(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>>,
    names: readonly string[],
  ): void {
    const shapes = inputs.map((name) => this.#shapes.get(name));
    if (inputs.some((name, at) => name !== '' && shapes[at] === undefined)) return;
    const ints = (index: number) => this.#integers.get(inputs[index] ?? '') ?? null;
    const inferred = inferShapes(opType, { attributes, outputs: names.length, shapes, ints });
    for (const [at, name] of names.entries()) {
      const shape = inferred?.[at];
      if (shape !== undefined) this.#shapes.set(name, shape);
    }
  }

  #fresh(prefix: string): string {
    let name: string;
    do name = `${this.#prefix}${prefix}${this.#counter++}`;
    while (this.#names.has(name));
    this.#names.add(name);
    return name;
  }

  #claim(name: string): void {
    if (this.#names.has(name)) throw new Error(`The graph has a value named "${name}" already.`);
    this.#names.add(name);
  }
}

function isNumeric(shape: SymbolicShape): shape is readonly number[] {
  return shape.every((size) => typeof size === 'number');
}

function constantKey({ dtype, shape, data }: TensorValue): string {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const content =
    bytes.length <= COMPARED_BYTES
      ? bytes.toString('base64')
      : createHash('sha256').update(bytes).digest('base64');
  return `${dtype}[${shape.join()}]${content}`;
}

function nodeKey(
  op: string,
  inputs: readonly string[],
  attributes: Readonly<Record<string, AttributeValue>>,
  outputs: number,
): string {
  return `${op}(${inputs.join()})${outputs}${JSON.stringify(attributes, (_, v) => (typeof v === 'bigint' ? String(v) : v))}`;
}

function toAttribute(name: string, value: AttributeValue): AttributeProto {
  if ('i' in value) return { name, type: ATTRIBUTE_TYPE.i, i: value.i };
  if ('f' in value) return { name, type: ATTRIBUTE_TYPE.f, f: value.f };
  if ('s' in value) return { name, type: ATTRIBUTE_TYPE.s, s: Buffer.from(value.s) };
  if ('is' in value) return { name, type: ATTRIBUTE_TYPE.ints, ints: [...value.is] };
  if ('g' in value) return { name, type: ATTRIBUTE_TYPE.g, g: value.g };
  if ('fs' in value) return { name, type: ATTRIBUTE_TYPE.floats, floats: [...value.fs] };
  return { name, type: ATTRIBUTE_TYPE.t, t: toTensorProto(value.t, '') };
}

function valueInfo(name: string, dtype: TensorDtype, shape: SymbolicShape): ValueInfoProto {
  const dim = shape.map((size) =>
    typeof size === 'number' ? { dim_value: size } : { dim_param: size },
  );
  return { name, type: { tensor_type: { elem_type: DATA_TYPE[dtype], shape: { dim } } } };
}
