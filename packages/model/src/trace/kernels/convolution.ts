/**
 * @file Convolutions, `[N, H, W, I]` with filters `[kh, kw, I, O]` (depthwise `[kh, kw, C, M]`), and their gradients
 * with respect to the input, which are transposed convolutions with the same filters.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type Attributes, type KernelRecording, recordKernel } from '../recording-backend.ts';
import {
  convolutionInfo,
  dilations,
  leftover,
  pads,
  shape4,
  strides,
  toNchw,
  toNhwc,
} from './nhwc.ts';
import { reshapeValue } from './reshape-value.ts';

/** Filters `[kh, kw, I, O]` as ONNX has them, `[O, I, kh, kw]`. */
function filtersOf(r: KernelRecording, filter: TensorInfo): string {
  return r.builder.transpose(r.value(filter), [3, 2, 0, 1]);
}

/** Depthwise filters `[kh, kw, C, M]` as those of a convolution in C groups, `[C·M, 1, kh, kw]`. */
function groupedFiltersOf(r: KernelRecording, filter: TensorInfo): string {
  const [height, width, channels, multiplier] = shape4(filter);
  const channelsFirst = r.builder.transpose(r.value(filter), [2, 3, 0, 1]);
  return reshapeValue(r, channelsFirst, [channels * multiplier, 1, height, width]);
}

export function convolve(
  r: KernelRecording,
  x: TensorInfo,
  filter: TensorInfo,
  attributes: Attributes,
  depthwise: boolean,
): TensorInfo {
  const info = convolutionInfo(shape4(x), shape4(filter), attributes, depthwise);
  const weights = depthwise ? groupedFiltersOf(r, filter) : filtersOf(r, filter);
  const result = r.builder.op('Conv', [toNchw(r, r.value(x)), weights], {
    strides: strides(info),
    dilations: dilations(info),
    pads: pads(info),
    group: { i: depthwise ? info.inChannels : 1 },
  });
  return r.tensor(toNhwc(r, result), info.outShape, 'float32');
}

function convolveBack(
  r: KernelRecording,
  dy: TensorInfo,
  filter: TensorInfo,
  attributes: Attributes,
  depthwise: boolean,
): TensorInfo {
  const inputShape = attributes['inputShape'] as [number, number, number, number];
  const info = convolutionInfo(inputShape, shape4(filter), attributes, depthwise);
  const weights = depthwise ? groupedFiltersOf(r, filter) : filtersOf(r, filter);
  const result = r.builder.op('ConvTranspose', [toNchw(r, r.value(dy)), weights], {
    strides: strides(info),
    pads: pads(info),
    output_padding: leftover(info),
    group: { i: depthwise ? info.inChannels : 1 },
  });
  return r.tensor(toNhwc(r, result), inputShape, 'float32');
}

export function registerConvolution(): void {
  const kernels = { Conv2D: false, DepthwiseConv2dNative: true };
  for (const [kernel, depthwise] of Object.entries(kernels)) {
    recordKernel(kernel, (r, { x, filter }, attributes) =>
      convolve(r, x as TensorInfo, filter as TensorInfo, attributes, depthwise),
    );
  }
  const gradients = { Conv2DBackpropInput: false, DepthwiseConv2dNativeBackpropInput: true };
  for (const [kernel, depthwise] of Object.entries(gradients)) {
    recordKernel(kernel, (r, { dy, filter }, attributes) =>
      convolveBack(r, dy as TensorInfo, filter as TensorInfo, attributes, depthwise),
    );
  }
}
