/**
 * @file Output shapes of ONNX nodes from the shapes of their inputs, for the operators that traced graphs are made of.
 * Written from the operators' definitions (https://github.com/onnx/onnx/blob/main/docs/Operators.md), so that it is an
 * independent check of what TensorFlow.js says a kernel's result looks like.
 */
import type { AttributeValue } from './attribute-value.ts';

type Shape = readonly number[];

export interface NodeView {
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly outputs: number;
  /** Shapes of the inputs, all known; `undefined` for an absent optional one. */
  readonly shapes: readonly (Shape | undefined)[];
  /** Values of an input that is an int64 constant. */
  ints(index: number): readonly number[] | null;
}

type Rule = (node: NodeView) => readonly Shape[] | null;

/** The broadcast of shapes, as in NumPy. @throws Error when they don't fit together. */
function broadcastShapes(shapes: readonly Shape[]): number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    let size = 1;
    for (const shape of shapes) {
      const own = shape[axis - rank + shape.length] ?? 1;
      if (own === 1 || own === size) continue;
      if (size !== 1) throw new Error(`Shapes ${shapes.map(show).join(' and ')} don't broadcast.`);
      size = own;
    }
    return size;
  });
}

const show = (shape: Shape): string => `[${shape.join()}]`;

const first = (node: NodeView): Shape => node.shapes[0] ?? [];

function attribute(node: NodeView, name: string, fallback: number): number {
  const value = node.attributes[name];
  return value !== undefined && 'i' in value ? value.i : fallback;
}

function attributeInts(node: NodeView, name: string): readonly number[] | null {
  const value = node.attributes[name];
  return value !== undefined && 'is' in value ? value.is : null;
}

const wrap = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);
const same: Rule = (node) => [first(node)];
const broadcast: Rule = (node) => [
  broadcastShapes(node.shapes.filter((shape) => shape !== undefined)),
];

const reduce: Rule = (node) => {
  const shape = first(node);
  const axes = node.ints(1)?.map((axis) => wrap(axis, shape.length)) ?? [...shape.keys()];
  const kept = attribute(node, 'keepdims', 1) === 1;
  return [shape.flatMap((size, axis) => (axes.includes(axis) ? (kept ? [1] : []) : [size]))];
};

const argument: Rule = (node) => {
  const shape = first(node);
  const axis = wrap(attribute(node, 'axis', 0), shape.length);
  const kept = attribute(node, 'keepdims', 1) === 1;
  return [shape.flatMap((size, at) => (at === axis ? (kept ? [1] : []) : [size]))];
};

const reshape: Rule = (node) => {
  const target = node.ints(1);
  if (target === null) return null;
  const shape = first(node);
  const sizes = target.map((size, axis) => (size === 0 ? (shape[axis] ?? 0) : size));
  const known = sizes.reduce((product, size) => (size === -1 ? product : product * size), 1);
  const total = shape.reduce((product, size) => product * size, 1);
  const result = sizes.map((size) => (size === -1 ? total / known : size));
  if (result.reduce((product, size) => product * size, 1) !== total)
    throw new Error(`${show(shape)} can't be reshaped to ${show(target)}.`);
  return [result];
};

const matMul: Rule = (node) => {
  const [a = [], b = []] = node.shapes;
  if (a.at(-1) !== b.at(-2)) throw new Error(`${show(a)} × ${show(b)} is no matrix product.`);
  const batch = broadcastShapes([a.slice(0, -2), b.slice(0, -2)]);
  return [[...batch, a.at(-2) ?? 1, b.at(-1) ?? 1]];
};

const gemm: Rule = (node) => {
  const [a = [], b = []] = node.shapes;
  const [m, k] = attribute(node, 'transA', 0) === 1 ? [a[1], a[0]] : a;
  const [inner, n] = attribute(node, 'transB', 0) === 1 ? [b[1], b[0]] : b;
  if (k !== inner) throw new Error(`${show(a)} × ${show(b)} is no matrix product.`);
  return [[m ?? 1, n ?? 1]];
};

const concat: Rule = (node) => {
  const shapes = node.shapes as readonly Shape[];
  const axis = wrap(attribute(node, 'axis', 0), first(node).length);
  const total = shapes.reduce((sum, shape) => sum + (shape[axis] ?? 0), 0);
  return [first(node).map((size, at) => (at === axis ? total : size))];
};

const split: Rule = (node) => {
  const axis = wrap(attribute(node, 'axis', 0), first(node).length);
  return (
    node.ints(1)?.map((part) => first(node).map((size, at) => (at === axis ? part : size))) ?? null
  );
};

const slice: Rule = (node) => {
  const [starts, ends] = [node.ints(1), node.ints(2)];
  if (starts === null || ends === null) return null;
  const shape = [...first(node)];
  const axes = node.ints(3) ?? [...starts.keys()];
  const steps = node.ints(4) ?? starts.map(() => 1);
  for (const [index, axis] of axes.entries()) {
    const size = first(node)[axis] ?? 0;
    const step = steps[index] ?? 1;
    const clamp = (value: number, low: number, high: number) =>
      Math.min(high, Math.max(low, value < 0 ? value + size : value));
    const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
    const start = clamp(starts[index] ?? 0, Math.max(low, 0), high);
    const end = clamp(ends[index] ?? 0, low, high);
    shape[axis] = Math.max(0, Math.ceil((end - start) / step));
  }
  return [shape];
};

const gather: Rule = (node) => {
  const [data = [], indices = []] = node.shapes;
  const axis = wrap(attribute(node, 'axis', 0), data.length);
  return [[...data.slice(0, axis), ...indices, ...data.slice(axis + 1)]];
};

const gatherNd: Rule = (node) => {
  const [data = [], indices = []] = node.shapes;
  const batch = attribute(node, 'batch_dims', 0);
  return [[...indices.slice(0, -1), ...data.slice(batch + (indices.at(-1) ?? 0))]];
};

const unsqueeze: Rule = (node) => {
  const axes = node.ints(1);
  if (axes === null) return null;
  const rank = first(node).length + axes.length;
  const rest = [...first(node)];
  const at = new Set(axes.map((axis) => wrap(axis, rank)));
  return [Array.from({ length: rank }, (_, axis) => (at.has(axis) ? 1 : (rest.shift() ?? 1)))];
};

const pad: Rule = (node) => {
  const pads = node.ints(1);
  const rank = first(node).length;
  if (pads === null) return null;
  return [first(node).map((size, axis) => size + (pads[axis] ?? 0) + (pads[axis + rank] ?? 0))];
};

const tile: Rule = (node) => {
  const repeats = node.ints(1);
  return repeats === null ? null : [first(node).map((size, axis) => size * (repeats[axis] ?? 1))];
};

const expand: Rule = (node) => {
  const target = node.ints(1);
  return target === null ? null : [broadcastShapes([first(node), target])];
};

const topK: Rule = (node) => {
  const k = node.ints(1)?.[0];
  if (k === undefined) return null;
  const axis = wrap(attribute(node, 'axis', -1), first(node).length);
  const shape = first(node).map((size, at) => (at === axis ? k : size));
  return [shape, shape];
};

/** Sizes of a window operator's output along height and width. */
function windowed(node: NodeView, kernel: Shape): number[] {
  const strides = attributeInts(node, 'strides') ?? [1, 1];
  const pads = attributeInts(node, 'pads') ?? [0, 0, 0, 0];
  const dilations = attributeInts(node, 'dilations') ?? [1, 1];
  return [0, 1].map((axis) => {
    const reach = ((kernel[axis] ?? 1) - 1) * (dilations[axis] ?? 1) + 1;
    const padded = (first(node)[axis + 2] ?? 1) + (pads[axis] ?? 0) + (pads[axis + 2] ?? 0);
    return Math.floor((padded - reach) / (strides[axis] ?? 1)) + 1;
  });
}

const convolution: Rule = (node) => {
  const [x = [], weights = []] = node.shapes;
  return [[x[0] ?? 1, weights[0] ?? 1, ...windowed(node, weights.slice(2))]];
};

const transposedConvolution: Rule = (node) => {
  const [x = [], weights = []] = node.shapes;
  const strides = attributeInts(node, 'strides') ?? [1, 1];
  const pads = attributeInts(node, 'pads') ?? [0, 0, 0, 0];
  const extra = attributeInts(node, 'output_padding') ?? [0, 0];
  const sizes = [0, 1].map(
    (axis) =>
      ((x[axis + 2] ?? 1) - 1) * (strides[axis] ?? 1) +
      (weights[axis + 2] ?? 1) +
      (extra[axis] ?? 0) -
      (pads[axis] ?? 0) -
      (pads[axis + 2] ?? 0),
  );
  return [[x[0] ?? 1, (weights[1] ?? 1) * attribute(node, 'group', 1), ...sizes]];
};

const pool: Rule = (node) => {
  const [n = 1, c = 1] = first(node);
  const shape = [n, c, ...windowed(node, attributeInts(node, 'kernel_shape') ?? [1, 1])];
  return Array.from({ length: node.outputs }, () => shape);
};

/** Over the last axis; the statistics keep it, with size 1. */
const layerNormalization: Rule = (node) => {
  const shape = first(node);
  const rows = [...shape.slice(0, -1), 1];
  return attribute(node, 'axis', -1) === -1 ? [shape, rows, rows].slice(0, node.outputs) : null;
};

const UNARY = `Abs Acos Acosh Asin Asinh Atan Atanh Cast Ceil Clip Cos Cosh CumSum Elu Erf Exp Floor
  HardSigmoid Identity IsInf IsNaN LeakyRelu Log LogSoftmax Neg Not Reciprocal Relu Round ScatterElements ScatterND
  Selu Sigmoid Sign Sin Sinh Softmax Softplus Sqrt Tan Tanh`.split(/\s+/);
const BROADCAST =
  `Add And Div Equal Greater GreaterOrEqual Less LessOrEqual Max Min Mod Mul Or Pow Sub Sum Where
  Xor`.split(/\s+/);
const REDUCTIONS = 'ReduceSum ReduceMean ReduceMax ReduceMin ReduceProd'.split(' ');

const RULES: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(UNARY.map((name) => [name, same])),
  ...Object.fromEntries(BROADCAST.map((name) => [name, broadcast])),
  ...Object.fromEntries(REDUCTIONS.map((name) => [name, reduce])),
  ArgMax: argument,
  ArgMin: argument,
  AveragePool: pool,
  Concat: concat,
  Conv: convolution,
  ConvTranspose: transposedConvolution,
  Expand: expand,
  Gather: gather,
  GatherND: gatherNd,
  Gemm: gemm,
  LayerNormalization: layerNormalization,
  MatMul: matMul,
  MaxPool: pool,
  Pad: pad,
  Reshape: reshape,
  Slice: slice,
  Split: split,
  Tile: tile,
  TopK: topK,
  Transpose: (node) => {
    const axes = attributeInts(node, 'perm');
    return axes === null ? null : [axes.map((axis) => first(node)[axis] ?? 1)];
  },
  Unsqueeze: unsqueeze,
};

/**
 * @returns A shape for each output; null when the operator is not known here or its shapes depend on values.
 * @throws Error when the operator does not take inputs of these shapes.
 */
export function inferShapes(opType: string, node: NodeView): readonly Shape[] | null {
  return RULES[opType]?.(node) ?? null;
}
