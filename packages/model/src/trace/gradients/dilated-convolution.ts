/**
 * @file The gradients of a dilated convolution, which TensorFlow.js has none of. With dilation its stride is 1, and both
 * gradients are convolutions themselves. That of the undilated is TensorFlow.js' own.
 */
import {
  backend_util,
  Conv2D,
  type Conv2DAttrs,
  conv2d,
  type GradConfig,
  getGradient,
  reverse,
  type Tensor4D,
  transpose,
} from '@tensorflow/tfjs-core';
import { CannotRecordError } from '../cannot-record-error.ts';

const undilated = getGradient(Conv2D);

export const dilatedConvolution: GradConfig = {
  kernelName: Conv2D,
  inputsToSave: ['x', 'filter'],
  gradFunc: (dy, saved, attributes) => {
    const given = attributes as unknown as Conv2DAttrs;
    const info = backend_util.computeConv2DInfo(
      (saved[0] as Tensor4D).shape,
      (saved[1] as Tensor4D).shape,
      given.strides,
      given.dilations,
      given.pad,
      given.dimRoundingMode,
    );
    if (info.dilationHeight === 1 && info.dilationWidth === 1)
      return undilated.gradFunc(dy, saved, attributes);
    const [x, filter] = saved as [Tensor4D, Tensor4D];
    return {
      x: () => inputGradient(dy as Tensor4D, filter, info),
      filter: () => filterGradient(x, dy as Tensor4D, info),
    };
  },
};

type Info = backend_util.Conv2DInfo;
type Pads = [number, number];

/** dY convolved with the filters turned by 180°, at the same dilation, padded so far that each pixel is reached. */
function inputGradient(dy: Tensor4D, filter: Tensor4D, info: Info): Tensor4D {
  const { top, bottom, left, right } = info.padInfo;
  const rows = info.effectiveFilterHeight - 1;
  const columns = info.effectiveFilterWidth - 1;
  if (Math.min(rows - top, rows - bottom, columns - left, columns - right) < 0)
    throw new CannotRecordError(
      'the gradient of a dilated convolution with padding beyond its filter',
      'pad less',
    );
  return conv2d(
    dy,
    transpose(reverse(filter, [0, 1]), [0, 1, 3, 2]),
    1,
    explicit([rows - top, rows - bottom], [columns - left, columns - right]),
    'NHWC',
    [info.dilationHeight, info.dilationWidth],
  );
}

/** X convolved with dY in steps of the dilation, images and channels of both swapped. */
function filterGradient(x: Tensor4D, dy: Tensor4D, info: Info): Tensor4D {
  const { top, bottom, left, right } = info.padInfo;
  const sums = conv2d(
    transpose(x, [3, 1, 2, 0]),
    transpose(dy, [1, 2, 0, 3]),
    [info.dilationHeight, info.dilationWidth],
    explicit([top, bottom], [left, right]),
  ); // [I, kh, kw, O]
  return transpose(sums, [1, 2, 0, 3]);
}

function explicit(rows: Pads, columns: Pads): [Pads, Pads, Pads, Pads] {
  return [[0, 0], rows, columns, [0, 0]];
}
