/** @file Pooling of `[N, H, W, C]` and its gradients. Padding takes no part: not in maxima, not in means. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { elementCount, float32, int64 } from '../../onnx/index.ts';
import { type Attributes, type KernelRecording, recordKernel } from '../recording-backend.ts';
import { assertFixed } from './layout.ts';
import {
  kernelShape,
  leftover,
  pads,
  poolInfo,
  shape4,
  strides,
  toNchw,
  toNhwc,
  type WindowInfo,
} from './nhwc.ts';
import { reshapeValue } from './reshape-value.ts';

function windowAttributes(info: WindowInfo) {
  return { kernel_shape: kernelShape(info), strides: strides(info), pads: pads(info) };
}

function pool(
  r: KernelRecording,
  op: 'MaxPool' | 'AveragePool',
  x: TensorInfo,
  attributes: Attributes,
): TensorInfo {
  const info = poolInfo(shape4(x), attributes);
  const result = r.builder.op(op, [toNchw(r, r.value(x))], windowAttributes(info));
  return r.tensor(toNhwc(r, result), info.outShape, x.dtype);
}

/** Adds each window's gradient to the pixel that was its maximum, the first of several. */
function maxPoolGradient(
  r: KernelRecording,
  dy: TensorInfo,
  x: TensorInfo,
  attributes: Attributes,
): TensorInfo {
  assertFixed(r, 'the gradient of maxPool', x.shape);
  const info = poolInfo(shape4(x), attributes);
  const [, places = ''] = r.builder.node(
    'MaxPool',
    [toNchw(r, r.value(x))],
    windowAttributes(info),
    2,
  );
  const [n, h, w, c] = shape4(x);
  const size = elementCount(x.shape);
  const zeros = r.builder.op('Expand', [
    r.builder.constant(float32([], [0])),
    r.builder.constant(int64([size])),
  ]);
  const windows = [elementCount(info.outShape)];
  const flat = r.builder.op(
    'ScatterElements',
    [zeros, reshapeValue(r, places, windows), reshapeValue(r, toNchw(r, r.value(dy)), windows)],
    { axis: { i: 0 }, reduction: { s: 'add' } },
  );
  return r.tensor(toNhwc(r, reshapeValue(r, flat, [n, c, h, w])), x.shape, 'float32');
}

/**
 * Spreads each window's gradient evenly over the pixels in it. TensorFlow.js' CPU backend divides by the whole window
 * where padding is part of it, though its forward pass does not: that gradient is wrong there, this one is not.
 */
function averagePoolGradient(
  r: KernelRecording,
  dy: TensorInfo,
  x: TensorInfo,
  attributes: Attributes,
): TensorInfo {
  const info = poolInfo(shape4(x), attributes);
  const shares = r.builder.constant(
    float32([1, info.outHeight, info.outWidth, 1], pixelShares(info)),
  );
  const spread = toNchw(r, r.builder.op('Mul', [r.value(dy), shares]));
  const { inChannels, filterHeight, filterWidth } = info;
  const ones = r.builder.op('Expand', [
    r.builder.constant(float32([], [1])),
    r.builder.constant(int64([inChannels, 1, filterHeight, filterWidth])),
  ]);
  const result = r.builder.op('ConvTranspose', [spread, ones], {
    strides: strides(info),
    pads: pads(info),
    output_padding: leftover(info),
    group: { i: inChannels },
  });
  return r.tensor(toNhwc(r, result), x.shape, 'float32');
}

/** 1 / (pixels of the image in the window), for each window in row-major order. */
function pixelShares(info: WindowInfo): number[] {
  const along = (windows: number, size: number, reach: number, stride: number, before: number) =>
    Array.from({ length: windows }, (_, at) => {
      const start = at * stride - before;
      return Math.min(size, start + reach) - Math.max(0, start);
    });
  const { padInfo, filterHeight, filterWidth } = info;
  const rows = along(info.outHeight, info.inHeight, filterHeight, info.strideHeight, padInfo.top);
  const columns = along(info.outWidth, info.inWidth, filterWidth, info.strideWidth, padInfo.left);
  return rows.flatMap((height) => columns.map((width) => 1 / (height * width)));
}

export function registerPooling(): void {
  recordKernel('MaxPool', (r, { x }, a) => pool(r, 'MaxPool', x as TensorInfo, a));
  recordKernel('AvgPool', (r, { x }, a) => pool(r, 'AveragePool', x as TensorInfo, a));
  recordKernel('MaxPoolGrad', (r, { dy, input }, a) =>
    maxPoolGradient(r, dy as TensorInfo, input as TensorInfo, a),
  );
  recordKernel('AvgPoolGrad', (r, { dy, input }, a) =>
    averagePoolGradient(r, dy as TensorInfo, input as TensorInfo, a),
  );
}
