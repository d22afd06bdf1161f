/** @file Random calls of operations on images: convolutions, pooling, resizing, batch normalization. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { type CaseArbitrary, type OpCase, size } from './op-case.ts';

/** Up to 6 channels: with few of them, a filter's gradient is recorded in another way. */
const image = fc.tuple(size(2), size(7, 3), size(7, 3), size(6));
const kernel = fc.tuple(size(3), size(3));
const padding = fc.constantFrom('same' as const, 'valid' as const);
const stride = fc.oneof(size(2), fc.tuple(size(2), size(2)));
/** With padding by a number TensorFlow.js takes windows and strides to be square. */
const window = fc.oneof(
  fc.tuple(kernel, stride, padding),
  fc
    .tuple(size(3, 2), size(2))
    .map(([side, by]): [[number, number], number, number] => [[side, side], by, 1]),
);

const convolution: CaseArbitrary = fc
  .tuple(image, window, size(3))
  .map(([shape, [[height, width], strides, pad], outputs]) => {
    const filter = [height, width, shape[3], outputs];
    return {
      call: `conv2d([${shape}], [${filter}], ${strides}, ${pad})`,
      shapes: [shape, filter],
      run: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad),
    };
  });

const dilated: CaseArbitrary = fc
  .tuple(image, size(2), size(2), size(2), fc.tuple(size(2), size(2)), padding)
  .map(([shape, height, width, outputs, dilations, pad]) => {
    const filter = [height, width, shape[3], outputs];
    return {
      call: `conv2d([${shape}], [${filter}], dilated ${dilations}, ${pad})`,
      shapes: [shape, filter],
      run: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, pad, 'NHWC', dilations),
      linear: true,
    };
  });

const depthwise: CaseArbitrary = fc
  .tuple(image, kernel, size(2), size(2), padding)
  .map(([shape, [height, width], multiplier, strides, pad]) => {
    const filter = [height, width, shape[3], multiplier];
    return {
      call: `depthwiseConv2d([${shape}], [${filter}], ${strides}, ${pad})`,
      shapes: [shape, filter],
      run: (x, w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad),
    };
  });

const transposed: CaseArbitrary = fc
  .tuple(size(2), size(4, 2), size(2), size(2), padding)
  .map(([n, side, outputs, strides, pad]) => {
    const out: [number, number, number, number] =
      pad === 'same'
        ? [n, side * strides, side * strides, outputs]
        : [n, (side - 1) * strides + 3, (side - 1) * strides + 3, outputs];
    return {
      call: `conv2dTranspose([${[n, side, side, 2]}], ${out}, ${strides}, ${pad})`,
      shapes: [
        [n, side, side, 2],
        [3, 3, outputs, 2],
      ],
      run: (x, w) => tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, out, strides, pad),
    };
  });

const fusedConvolution: CaseArbitrary = fc
  .tuple(image, size(3), fc.constantFrom('relu', 'leakyrelu', 'linear'), fc.boolean())
  .map(([shape, outputs, activation, isDepthwise]) => {
    const filter = [3, 3, shape[3], outputs];
    const bias = [isDepthwise ? shape[3] * outputs : outputs];
    const call = isDepthwise ? tf.fused.depthwiseConv2d : tf.fused.conv2d;
    return {
      call: `fused ${isDepthwise} ([${shape}], [${filter}], ${activation})`,
      shapes: [shape, filter, bias],
      run: (x, w, b) =>
        call({
          x: x as tf.Tensor4D,
          filter: w as tf.Tensor4D,
          bias: b as tf.Tensor1D,
          strides: 1,
          pad: 'same',
          activation: activation as 'relu',
          leakyreluAlpha: 0.3,
        }),
      differentiable: false,
    };
  });

const pooled = fc.tuple(image, kernel, stride, padding);

const maxPool: CaseArbitrary = pooled.map(([shape, window, strides, pad]) => ({
  call: `maxPool([${shape}], ${window}, ${strides}, ${pad})`,
  shapes: [shape],
  run: (x) => tf.maxPool(x as tf.Tensor4D, window, strides, pad),
}));

/** The mean over a window without its padding, of convolutions: their gradients are right with padding too. */
function averageOf(
  x: tf.Tensor,
  window: [number, number],
  ...rest: [number | [number, number], 'same' | 'valid']
) {
  const ones = tf.ones<tf.Rank.R4>([...window, x.shape[3] ?? 1, 1]);
  const sums = tf.depthwiseConv2d(x as tf.Tensor4D, ones, ...rest);
  return tf.div(sums, tf.depthwiseConv2d(tf.onesLike(x as tf.Tensor4D), ones, ...rest));
}

/** Depthwise convolutions want one stride for both directions. */
const averagePool: CaseArbitrary = fc
  .tuple(image, kernel, size(2), padding)
  .map(([shape, window, strides, pad]) => ({
    call: `avgPool([${shape}], ${window}, ${strides}, ${pad})`,
    shapes: [shape],
    run: (x) => tf.avgPool(x as tf.Tensor4D, window, strides, pad),
    gradientOf: (x) => averageOf(x as tf.Tensor, window, strides, pad),
  }));

/**
 * TensorFlow.js' CPU backend has right gradients of bilinear resizing for square images without half-pixel centers, of
 * nearest-neighbor resizing not even there (NaN at some sizes). The others are compared forward only; all gradients are
 * tested as those of a linear map.
 */
function resizing(
  call: string,
  resize: typeof tf.image.resizeBilinear,
  rightGradients: boolean,
): CaseArbitrary {
  return fc.tuple(image, size(9), size(9), fc.constantFrom('none', 'corners', 'half')).map(
    ([shape, height, width, mode]): OpCase => ({
      call: `${call}([${shape}], [${height}, ${width}], ${mode})`,
      shapes: [shape],
      run: (x) => resize(x as tf.Tensor4D, [height, width], mode === 'corners', mode === 'half'),
      differentiable:
        rightGradients && mode !== 'half' && shape[1] === shape[2] && height > 1 && width > 1,
    }),
  );
}

const batchNorm: CaseArbitrary = image.map((shape) => {
  const channels = [shape[3]];
  return {
    call: `batchNorm([${shape}])`,
    shapes: [shape, channels, channels, channels, channels],
    range: [0.2, 2],
    run: (x, mean, variance, offset, scale) =>
      tf.batchNorm(
        x as tf.Tensor4D,
        mean as tf.Tensor1D,
        variance as tf.Tensor1D,
        offset as tf.Tensor1D,
        scale as tf.Tensor1D,
        0.01,
      ),
  };
});

export const IMAGE_CASES: Readonly<Record<string, CaseArbitrary>> = {
  conv2d: convolution,
  conv2dDilated: dilated,
  conv2dTranspose: transposed,
  depthwiseConv2d: depthwise,
  fusedConv2d: fusedConvolution,
  maxPool,
  avgPool: averagePool,
  resizeBilinear: resizing('resizeBilinear', tf.image.resizeBilinear, true),
  resizeNearestNeighbor: resizing('resizeNearestNeighbor', tf.image.resizeNearestNeighbor, false),
  batchNorm,
};
