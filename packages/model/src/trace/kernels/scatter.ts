/** @file Sums and copies into places that are given by index: what the gradient of a gather is made of. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { DATA_TYPE, elementCount, int64 } from '../../onnx/index.ts';
import { CannotRecordError } from '../cannot-record-error.ts';
import { type KernelRecording, recordKernel } from '../recording-backend.ts';
import { assertFixed, constantOf } from './layout.ts';
import { reshapeValue } from './reshape-value.ts';

function asInt64(r: KernelRecording, tensor: TensorInfo): string {
  return r.builder.op('Cast', [r.value(tensor)], { to: { i: DATA_TYPE.int64 } });
}

/** Sums the rows of `x`, `[n, …]`, into `segments` rows; row i goes to the one numbered `ids[i]`. */
function segmentSum(
  r: KernelRecording,
  x: TensorInfo,
  ids: TensorInfo,
  segments: number,
): TensorInfo {
  if (ids.shape.length !== 1)
    throw new CannotRecordError('segment numbers of this rank', 'they must be one-dimensional');
  assertFixed(r, 'a segment sum', x.shape);
  const [rows = 1, ...rest] = x.shape;
  const width = elementCount(rest);
  const places = r.builder.op('Expand', [
    reshapeValue(r, asInt64(r, ids), [rows, 1]),
    r.builder.constant(int64([rows, width])),
  ]);
  const sums = r.builder.op(
    'ScatterElements',
    [
      r.value(constantOf(r, [segments, width], x.dtype, 0)),
      places,
      reshapeValue(r, r.value(x), [rows, width]),
    ],
    { axis: { i: 0 }, reduction: { s: 'add' } },
  );
  const shape = [segments, ...rest];
  return r.tensor(reshapeValue(r, sums, shape), shape, x.dtype);
}

export function registerScatter(): void {
  recordKernel('UnsortedSegmentSum', (r, { x, segmentIds }, attributes) =>
    segmentSum(r, x as TensorInfo, segmentIds as TensorInfo, Number(attributes['numSegments'])),
  );
  recordKernel('ScatterNd', (r, { indices, updates }, attributes) => {
    const shape = attributes['shape'] as number[];
    const values = updates as TensorInfo;
    const result = r.builder.op(
      'ScatterND',
      [
        r.value(constantOf(r, shape, values.dtype, 0)),
        asInt64(r, indices as TensorInfo),
        r.value(values),
      ],
      { reduction: { s: 'add' } },
    );
    return r.tensor(result, shape, values.dtype);
  });
  recordKernel('GatherNd', (r, { params, indices }) => {
    const source = params as TensorInfo;
    const places = indices as TensorInfo;
    const depth = places.shape.at(-1) ?? 0;
    const shape = [...places.shape.slice(0, -1), ...source.shape.slice(depth)];
    const result = r.builder.op('GatherND', [r.value(source), asInt64(r, places)]);
    return r.tensor(result, shape, source.dtype);
  });
}
