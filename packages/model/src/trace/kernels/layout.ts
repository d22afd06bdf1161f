/** @file Kernels that move values without changing them: reshape, transpose, slice, concat, pad, tile, gather. */
import {
  backend_util,
  type DataType,
  slice_util,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';
import { int64 } from '../../onnx/index.ts';
import { CannotRecordError } from '../cannot-record-error.ts';
import { emitsForDevice } from '../emission.ts';
import {
  type KernelRecorder,
  type KernelRecording,
  recordKernel,
  toOnnxDtype,
} from '../recording-backend.ts';
import { mergedTranspose } from './merged-transpose.ts';
import { reshapeValue } from './reshape-value.ts';

/** @throws CannotRecordError when a size depends on the batch, which is open. */
export function assertFixed(r: KernelRecording, what: string, shape: readonly number[]): void {
  const placeholder = r.batchPlaceholder;
  if (placeholder !== null && shape.some((size) => size !== 0 && size % placeholder === 0)) {
    throw new CannotRecordError(
      `${what} of shape [${shape.join()}]`,
      'its size depends on the batch',
    );
  }
}

/** The graph value of one number. */
export function scalar(r: KernelRecording, dtype: DataType, value: number): string {
  const data =
    dtype === 'int32'
      ? Int32Array.of(value)
      : dtype === 'bool'
        ? Uint8Array.of(value)
        : Float32Array.of(value);
  return r.builder.constant({ dtype: toOnnxDtype(dtype), shape: [], data });
}

/** One number in every place of a shape. */
export function constantOf(
  r: KernelRecording,
  shape: readonly number[],
  dtype: DataType,
  value: number,
): TensorInfo {
  assertFixed(r, 'a constant', shape);
  const name = scalar(r, dtype, value);
  if (shape.length === 0) return r.tensor(name, shape, dtype);
  return r.tensor(r.builder.op('Expand', [name, r.builder.constant(int64(shape))]), shape, dtype);
}

export function registerLayout(): void {
  registerViews();
  registerPieces();
  registerFills();
}

function registerViews(): void {
  recordKernel('Reshape', (r, { x }, attributes) => {
    const tensor = x as TensorInfo;
    const shape = util.inferFromImplicitShape(
      attributes['shape'] as number[],
      util.sizeFromShape(tensor.shape),
    );
    return r.tensor(reshapeValue(r, r.value(tensor), shape), shape, tensor.dtype);
  });
  recordKernel('ExpandDims', (r, { input }, attributes) => {
    const tensor = input as TensorInfo;
    const axis = Number(attributes['dim']);
    const at = axis < 0 ? tensor.shape.length + axis + 1 : axis;
    const shape = [...tensor.shape.slice(0, at), 1, ...tensor.shape.slice(at)];
    return r.tensor(
      r.builder.op('Unsqueeze', [r.value(tensor), r.builder.constant(int64([at]))]),
      shape,
      tensor.dtype,
    );
  });
  recordKernel('Transpose', (r, { x }, attributes) => {
    const tensor = x as TensorInfo;
    const perm = attributes['perm'] as number[];
    const shape = perm.map((axis) => tensor.shape[axis] ?? 1);
    const value = r.value(tensor);
    const transposed = emitsForDevice()
      ? mergedTranspose(r, value, perm)
      : r.builder.transpose(value, perm);
    return r.tensor(transposed, shape, tensor.dtype);
  });
  recordKernel('Identity', (r, { x }) => {
    const tensor = x as TensorInfo;
    return r.tensor(r.value(tensor), tensor.shape, tensor.dtype);
  });
}

/** Values that a shader may bind at once (WebGPU's guaranteed 8), the input among them. */
const MOST_OUTPUTS = 7;

/**
 * Pieces along an axis. Of many a processor cuts each out by itself; a device, where each cut is a kernel, splits in
 * groups of as many as a shader can write.
 */
function splitValue(
  r: KernelRecording,
  name: string,
  axis: number,
  sizes: readonly number[],
): string[] {
  if (sizes.length === 1 && emitsForDevice()) return [name];
  if (sizes.length <= MOST_OUTPUTS) {
    const parts = r.builder.constant(int64(sizes));
    return r.builder.node('Split', [name, parts], { axis: { i: axis } }, sizes.length);
  }
  if (emitsForDevice()) {
    const groups = Array.from({ length: Math.ceil(sizes.length / MOST_OUTPUTS) }, (_, group) =>
      sizes.slice(group * MOST_OUTPUTS, (group + 1) * MOST_OUTPUTS),
    );
    const totals = groups.map((group) => group.reduce((sum, size) => sum + size, 0));
    return splitValue(r, name, axis, totals).flatMap((part, group) =>
      splitValue(r, part, axis, groups[group] as number[]),
    );
  }
  const at = r.builder.constant(int64([axis]));
  let start = 0;
  return sizes.map((size) => {
    const bounds = [start, start + size].map((place) => r.builder.constant(int64([place])));
    start += size;
    return r.builder.op('Slice', [name, ...bounds, at]);
  });
}

const PIECES: Readonly<Record<string, KernelRecorder>> = {
  Concat: (r, inputs, attributes) => {
    const tensors = Object.values(inputs) as TensorInfo[];
    const first = tensors[0] as TensorInfo;
    const axis = util.parseAxisParam(Number(attributes['axis']), first.shape)[0] ?? 0;
    const shape = backend_util.computeOutShape(
      tensors.map((t) => t.shape),
      axis,
    );
    return r.tensor(
      r.builder.op(
        'Concat',
        tensors.map((t) => r.value(t)),
        { axis: { i: axis } },
      ),
      shape,
      first.dtype,
    );
  },
  Pack: (r, inputs, attributes) => {
    const tensors = Object.values(inputs) as TensorInfo[];
    const first = tensors[0] as TensorInfo;
    const axis = Number(attributes['axis']);
    const axes = r.builder.constant(int64([axis]));
    const parts = tensors.map((t) => r.builder.op('Unsqueeze', [r.value(t), axes]));
    const shape = [...first.shape.slice(0, axis), tensors.length, ...first.shape.slice(axis)];
    return r.tensor(r.builder.op('Concat', parts, { axis: { i: axis } }), shape, first.dtype);
  },
  SplitV: (r, { x }, attributes) => {
    const tensor = x as TensorInfo;
    const axis = util.parseAxisParam(Number(attributes['axis']), tensor.shape)[0] ?? 0;
    const sizes = backend_util.prepareSplitSize(
      tensor as never,
      attributes['numOrSizeSplits'] as number | number[],
      axis,
    );
    const names = splitValue(r, r.value(tensor), axis, sizes);
    return names.map((name, index) => {
      const shape = tensor.shape.map((size, at) => (at === axis ? (sizes[index] ?? 0) : size));
      return r.tensor(name, shape, tensor.dtype);
    });
  },
  Unpack: (r, { value }, attributes) => {
    const tensor = value as TensorInfo;
    const axis = util.parseAxisParam(Number(attributes['axis']), tensor.shape)[0] ?? 0;
    const shape = tensor.shape.filter((_, at) => at !== axis);
    return Array.from({ length: tensor.shape[axis] ?? 0 }, (_, index) => {
      const at = r.builder.constant({
        dtype: 'int64',
        shape: [],
        data: BigInt64Array.of(BigInt(index)),
      });
      return r.tensor(
        r.builder.op('Gather', [r.value(tensor), at], { axis: { i: axis } }),
        shape,
        tensor.dtype,
      );
    });
  },
  Slice: (r, { x }, attributes) => {
    const tensor = x as TensorInfo;
    const [begin, size] = slice_util.parseSliceParams(
      tensor as never,
      attributes['begin'] as number[],
      attributes['size'] as number[],
    ) as [number[], number[]];
    const axes = size.flatMap((length, axis) => (length === tensor.shape[axis] ? [] : [axis]));
    if (axes.length === 0) return r.tensor(r.value(tensor), tensor.shape, tensor.dtype);
    const starts = axes.map((axis) => begin[axis] ?? 0);
    const ends = axes.map((axis) => (begin[axis] ?? 0) + (size[axis] ?? 0));
    const parameters = [starts, ends, axes].map((values) => r.builder.constant(int64(values)));
    return r.tensor(r.builder.op('Slice', [r.value(tensor), ...parameters]), size, tensor.dtype);
  },
  GatherV2: (r, { x, indices }, attributes) => {
    const tensor = x as TensorInfo;
    const index = indices as TensorInfo;
    if (Number(attributes['batchDims'] ?? 0) !== 0)
      throw new CannotRecordError('a gather with batchDims', 'only 0 is supported');
    const axis = util.parseAxisParam(Number(attributes['axis']), tensor.shape)[0] ?? 0;
    const shape = [...tensor.shape.slice(0, axis), ...index.shape, ...tensor.shape.slice(axis + 1)];
    return r.tensor(
      r.builder.op('Gather', [r.value(tensor), r.value(index)], { axis: { i: axis } }),
      shape,
      tensor.dtype,
    );
  },
};

function registerPieces(): void {
  for (const [kernel, record] of Object.entries(PIECES)) recordKernel(kernel, record);
}

const FILLS: Readonly<Record<string, KernelRecorder>> = {
  PadV2: (r, { x }, attributes) => {
    const tensor = x as TensorInfo;
    const paddings = attributes['paddings'] as [number, number][];
    const pads = r.builder.constant(
      int64([...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)]),
    );
    const value = scalar(r, tensor.dtype, Number(attributes['constantValue'] ?? 0));
    const shape = tensor.shape.map(
      (size, axis) => size + (paddings[axis]?.[0] ?? 0) + (paddings[axis]?.[1] ?? 0),
    );
    return r.tensor(r.builder.op('Pad', [r.value(tensor), pads, value]), shape, tensor.dtype);
  },
  MirrorPad: (r, { x }, attributes) => {
    const tensor = x as TensorInfo;
    if (attributes['mode'] !== 'reflect')
      throw new CannotRecordError('symmetric padding', 'ONNX repeats edges only without the edge');
    const paddings = attributes['paddings'] as [number, number][];
    const pads = r.builder.constant(
      int64([...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)]),
    );
    const shape = tensor.shape.map(
      (size, axis) => size + (paddings[axis]?.[0] ?? 0) + (paddings[axis]?.[1] ?? 0),
    );
    const value = r.builder.op('Pad', [r.value(tensor), pads], { mode: { s: 'reflect' } });
    return r.tensor(value, shape, tensor.dtype);
  },
  Tile: (r, { x }, attributes) => {
    const tensor = x as TensorInfo;
    const reps = attributes['reps'] as number[];
    assertFixed(r, 'a tile', reps);
    const shape = tensor.shape.map((size, axis) => size * (reps[axis] ?? 1));
    return r.tensor(
      r.builder.op('Tile', [r.value(tensor), r.builder.constant(int64(reps))]),
      shape,
      tensor.dtype,
    );
  },
  BroadcastTo: (r, { x }, attributes) => {
    const tensor = x as TensorInfo;
    const shape = attributes['shape'] as number[];
    assertFixed(r, 'a broadcast', shape);
    return r.tensor(
      r.builder.op('Expand', [r.value(tensor), r.builder.constant(int64(shape))]),
      shape,
      tensor.dtype,
    );
  },
  Fill: (r, _, attributes) => {
    return constantOf(
      r,
      attributes['shape'] as number[],
      (attributes['dtype'] ?? 'float32') as DataType,
      Number(attributes['value']),
    );
  },
  ZerosLike: (r, { x }) => constantOf(r, (x as TensorInfo).shape, (x as TensorInfo).dtype, 0),
  OnesLike: (r, { x }) => constantOf(r, (x as TensorInfo).shape, (x as TensorInfo).dtype, 1),
};

function registerFills(): void {
  for (const [kernel, record] of Object.entries(FILLS)) recordKernel(kernel, record);
}
