/**
 * @file Between TensorFlow.js' image layout (`[N, H, W, C]`) and ONNX's (`[N, C, H, W]`), and the sizes of windows.
 * Each image kernel transposes on the way in and out; where two such kernels meet, the builder merges the two
 * transpositions into none.
 */
import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { AttributeValue } from '../../onnx/index.ts';
import { CannotRecordError } from '../cannot-record-error.ts';
import type { Attributes, KernelRecording } from '../recording-backend.ts';

export function toNchw(r: KernelRecording, nhwc: string): string {
  return r.builder.transpose(nhwc, [0, 3, 1, 2]);
}

export function toNhwc(r: KernelRecording, nchw: string): string {
  return r.builder.transpose(nchw, [0, 2, 3, 1]);
}

type Size4 = [number, number, number, number];

/** The channels-last shape of a kernel's input. @throws CannotRecordError for another rank. */
export function shape4(tensor: TensorInfo): Size4 {
  const [n, h, w, c] = tensor.shape;
  if (tensor.shape.length !== 4 || c === undefined)
    throw new CannotRecordError('an image of this shape', 'it must be [N, H, W, C]');
  return [n ?? 1, h ?? 1, w ?? 1, c];
}

export type WindowInfo = backend_util.Conv2DInfo;

/** Sizes and padding of a convolution as TensorFlow.js computes them, `same` padding included. */
export function convolutionInfo(
  inputShape: Size4,
  filterShape: Size4,
  attributes: Attributes,
  depthwise: boolean,
): WindowInfo {
  if ((attributes['dataFormat'] ?? 'NHWC') !== 'NHWC')
    throw new CannotRecordError('a convolution in NCHW', 'only NHWC is supported');
  return backend_util.computeConv2DInfo(
    inputShape,
    filterShape,
    attributes['strides'] as number | [number, number],
    (attributes['dilations'] ?? 1) as number | [number, number],
    attributes['pad'] as 'valid' | 'same' | number,
    attributes['dimRoundingMode'] as 'floor' | 'round' | 'ceil' | undefined,
    depthwise,
  );
}

export function poolInfo(inputShape: Size4, attributes: Attributes): WindowInfo {
  return backend_util.computePool2DInfo(
    inputShape,
    attributes['filterSize'] as number | [number, number],
    attributes['strides'] as number | [number, number],
    1,
    attributes['pad'] as 'valid' | 'same' | number,
    attributes['dimRoundingMode'] as 'floor' | 'round' | 'ceil' | undefined,
  );
}

export function strides(info: WindowInfo): AttributeValue {
  return { is: [info.strideHeight, info.strideWidth] };
}

export function dilations(info: WindowInfo): AttributeValue {
  return { is: [info.dilationHeight, info.dilationWidth] };
}

export function kernelShape(info: WindowInfo): AttributeValue {
  return { is: [info.filterHeight, info.filterWidth] };
}

/** ONNX's order: top, left, bottom, right. */
export function pads(info: WindowInfo): AttributeValue {
  const { top, left, bottom, right } = info.padInfo;
  return { is: [top, left, bottom, right] };
}

/** Rows and columns that the last window does not reach: what a transposed convolution adds again. */
export function leftover(info: WindowInfo): AttributeValue {
  const { padInfo } = info;
  const height = info.inHeight + padInfo.top + padInfo.bottom - info.effectiveFilterHeight;
  const width = info.inWidth + padInfo.left + padInfo.right - info.effectiveFilterWidth;
  return { is: [height % info.strideHeight, width % info.strideWidth] };
}
