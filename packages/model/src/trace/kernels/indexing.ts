/** @file Kernels about places along an axis: cumulative sums, the largest k, one-hot, reversal, strided slices. */
import { slice_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { DATA_TYPE, int64 } from '../../onnx/index.ts';
import { CannotRecordError } from '../cannot-record-error.ts';
import { type KernelRecorder, type KernelRecording, recordKernel } from '../recording-backend.ts';
import { scalar } from './layout.ts';
import { reshapeValue } from './reshape-value.ts';

/** "Before the first": far enough to mean so for any size. */
const BEFORE_FIRST = Number.MIN_SAFE_INTEGER;

const KERNELS: Readonly<Record<string, KernelRecorder>> = {
  Cumsum: (r, { x }, attributes) => {
    const tensor = x as TensorInfo;
    const axis = util.parseAxisParam(Number(attributes['axis'] ?? 0), tensor.shape)[0] ?? 0;
    const at = r.builder.constant({ ...int64([axis]), shape: [] });
    const result = r.builder.op('CumSum', [r.value(tensor), at], {
      exclusive: { i: attributes['exclusive'] === true ? 1 : 0 },
      reverse: { i: attributes['reverse'] === true ? 1 : 0 },
    });
    return r.tensor(result, tensor.shape, tensor.dtype);
  },
  TopK: (r, { x }, attributes) => {
    const tensor = x as TensorInfo;
    const k = Number(attributes['k']);
    const shape = [...tensor.shape.slice(0, -1), k];
    const [largest = '', places = ''] = r.builder.node(
      'TopK',
      [r.value(tensor), r.builder.constant(int64([k]))],
      { axis: { i: -1 }, sorted: { i: 1 } },
      2,
    );
    const indices = r.builder.op('Cast', [places], { to: { i: DATA_TYPE.int32 } });
    return [r.tensor(largest, shape, tensor.dtype), r.tensor(indices, shape, 'int32')];
  },
  OneHot: (r, { indices }, attributes) => {
    const tensor = indices as TensorInfo;
    const depth = Number(attributes['depth']);
    const dtype = (attributes['dtype'] ?? 'float32') as 'float32' | 'int32' | 'bool';
    const last = r.builder.constant(int64([tensor.shape.length]));
    const column = r.builder.op('Unsqueeze', [r.value(tensor), last]);
    const numbers = r.builder.constant({
      dtype: 'int32',
      shape: [depth],
      data: Int32Array.from({ length: depth }, (_, index) => index),
    });
    const values = [attributes['onValue'] ?? 1, attributes['offValue'] ?? 0].map((value) =>
      scalar(r, dtype, Number(value)),
    );
    const result = r.builder.op('Where', [r.builder.op('Equal', [column, numbers]), ...values]);
    return r.tensor(result, [...tensor.shape, depth], dtype);
  },
  Reverse: (r, { x }, attributes) => {
    const tensor = x as TensorInfo;
    const axes = util.parseAxisParam(attributes['dims'] as number[], tensor.shape);
    if (axes.length === 0) return r.tensor(r.value(tensor), tensor.shape, tensor.dtype);
    const bounds = [-1, BEFORE_FIRST].map((value) => int64(axes.map(() => value)));
    const parameters = [...bounds, int64(axes), int64(axes.map(() => -1))];
    const result = r.builder.op('Slice', [
      r.value(tensor),
      ...parameters.map((value) => r.builder.constant(value)),
    ]);
    return r.tensor(result, tensor.shape, tensor.dtype);
  },
  StridedSlice: (r, { x }, attributes) =>
    stridedSlice(r, x as TensorInfo, attributes as unknown as StridedSlice),
  Range: (r, _, attributes) => {
    const { start, stop, step, dtype } = attributes as unknown as {
      start: number;
      stop: number;
      step: number;
      dtype: 'float32' | 'int32';
    };
    const length = Math.max(0, Math.ceil((stop - start) / step));
    const values = Array.from({ length }, (_, index) => start + index * step);
    const data = dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values);
    return r.tensor(r.builder.constant({ dtype, shape: [length], data }), [length], dtype);
  },
};

export function registerIndexing(): void {
  for (const [kernel, record] of Object.entries(KERNELS)) recordKernel(kernel, record);
}

interface StridedSlice {
  readonly begin: number[];
  readonly end: number[];
  readonly strides: number[];
  readonly beginMask: number;
  readonly endMask: number;
  readonly ellipsisMask: number;
  readonly newAxisMask: number;
  readonly shrinkAxisMask: number;
}

function stridedSlice(r: KernelRecording, x: TensorInfo, given: StridedSlice): TensorInfo {
  const info = slice_util.sliceInfo(
    x.shape,
    given.begin,
    given.end,
    given.strides,
    given.beginMask,
    given.endMask,
    given.ellipsisMask,
    given.newAxisMask,
    given.shrinkAxisMask,
  );
  if (info.finalShape.includes(0))
    throw new CannotRecordError('a slice that is empty', 'ONNX tensors here have elements');
  const ends = info.end.map((end, axis) =>
    (info.strides[axis] ?? 1) < 0 && end < 0 ? BEFORE_FIRST : end,
  );
  const parameters = [info.begin, ends, [...x.shape.keys()], info.strides];
  const part = r.builder.op('Slice', [
    r.value(x),
    ...parameters.map((values) => r.builder.constant(int64(values))),
  ]);
  return r.tensor(reshapeValue(r, part, info.finalShape), info.finalShape, x.dtype);
}
