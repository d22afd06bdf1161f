/** @file Reductions and what is built from them: softmax, arg-max. */
import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { DATA_TYPE, int64 } from '../../onnx/index.ts';
import { emitsForDevice } from '../emission.ts';
import { type KernelRecording, recordKernel } from '../recording-backend.ts';
import { castValue } from './cast.ts';

const REDUCTIONS: Readonly<Record<string, string>> = {
  Sum: 'ReduceSum',
  Mean: 'ReduceMean',
  Max: 'ReduceMax',
  Min: 'ReduceMin',
  Prod: 'ReduceProd',
};

interface Axes {
  readonly axes: number[];
  readonly shape: number[];
}

function reducedAxes(x: TensorInfo, axis: unknown, keepDims: boolean): Axes {
  const axes = util.parseAxisParam((axis ?? undefined) as number | number[], x.shape);
  const shape = x.shape.flatMap((size, index) =>
    axes.includes(index) ? (keepDims ? [1] : []) : [size],
  );
  return { axes, shape };
}

function reduce(
  r: KernelRecording,
  op: string,
  x: TensorInfo,
  attributes: Readonly<Record<string, unknown>>,
): TensorInfo {
  const keepDims = attributes['keepDims'] === true;
  const { axes, shape } = reducedAxes(
    x,
    attributes['axis'] ?? attributes['reductionIndices'],
    keepDims,
  );
  const dtype = x.dtype === 'bool' ? 'int32' : x.dtype;
  const value = castValue(r, x, dtype);
  if (axes.length === 0) return r.tensor(value, x.shape, dtype);
  const over = (given: string, which: readonly number[]) =>
    r.builder.op(op, [given, r.builder.constant(int64(which))], {
      keepdims: { i: keepDims ? 1 : 0 },
    });
  // A device sums all numbers in one group of threads: along the last axis it has as many groups as there are rows.
  const last = x.shape.length - 1;
  const isInTwo = emitsForDevice() && axes.length === x.shape.length && last > 0 && !keepDims;
  const reduced = isInTwo ? over(over(value, [last]), [...Array(last).keys()]) : over(value, axes);
  return r.tensor(reduced, shape, dtype);
}

export function registerReductions(): void {
  for (const [kernel, op] of Object.entries(REDUCTIONS)) {
    recordKernel(kernel, (r, { x }, attributes) => reduce(r, op, x as TensorInfo, attributes));
  }
  for (const [kernel, op] of [
    ['All', 'ReduceMin'],
    ['Any', 'ReduceMax'],
  ] as const) {
    recordKernel(kernel, (r, { x }, attributes) => {
      const found = reduce(r, op, x as TensorInfo, attributes);
      return r.tensor(castValue(r, found, 'bool'), found.shape, 'bool');
    });
  }
  recordKernel('LogSoftmax', (r, { logits }) => {
    const x = logits as TensorInfo;
    return r.tensor(
      r.builder.op('LogSoftmax', [r.value(x)], { axis: { i: -1 } }),
      x.shape,
      x.dtype,
    );
  });
  recordKernel('Softmax', (r, { logits }, attributes) => {
    const x = logits as TensorInfo;
    return r.tensor(
      r.builder.op('Softmax', [r.value(x)], { axis: { i: Number(attributes['dim']) } }),
      x.shape,
      x.dtype,
    );
  });
  for (const [kernel, op] of [
    ['ArgMax', 'ArgMax'],
    ['ArgMin', 'ArgMin'],
  ] as const) {
    recordKernel(kernel, (r, { x }, attributes) => {
      const tensor = x as TensorInfo;
      const { axes, shape } = reducedAxes(tensor, attributes['axis'], false);
      const index = r.builder.op(op, [r.value(tensor)], {
        axis: { i: axes[0] ?? 0 },
        keepdims: { i: 0 },
      });
      return r.tensor(
        r.builder.op('Cast', [index], { to: { i: DATA_TYPE.int32 } }),
        shape,
        'int32',
      );
    });
  }
}
