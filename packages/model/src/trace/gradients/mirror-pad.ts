/** @file The gradient of mirrored padding: what was copied outward is folded back. TensorFlow.js' drops it. */
import {
  add,
  type GradConfig,
  MirrorPad,
  type MirrorPadAttrs,
  pad,
  reverse,
  slice,
  type Tensor,
} from '@tensorflow/tfjs-core';

export const mirrorPadGradient: GradConfig = {
  kernelName: MirrorPad,
  gradFunc: (dy, _, attributes) => {
    const { paddings, mode } = attributes as unknown as MirrorPadAttrs;
    // `reflect` does not repeat the edge itself.
    const skipped = mode === 'reflect' ? 1 : 0;
    return {
      x: () =>
        paddings.reduce(
          (gradient, amounts, axis) => folded(gradient, axis, amounts, skipped),
          dy as Tensor,
        ),
    };
  },
};

/** Along an axis: the part between the paddings, plus each padding turned around and laid over its origin. */
function folded(
  dy: Tensor,
  axis: number,
  [before, after]: readonly [number, number],
  skipped: number,
): Tensor {
  const size = (dy.shape[axis] ?? 0) - before - after;
  const part = (begin: number, length: number) =>
    slice(
      dy,
      dy.shape.map((_, at) => (at === axis ? begin : 0)),
      dy.shape.map((whole, at) => (at === axis ? length : whole)),
    );
  const laid = (begin: number, length: number, at: number) =>
    pad(
      reverse(part(begin, length), axis),
      dy.shape.map((_, other): [number, number] =>
        other === axis ? [at, size - at - length] : [0, 0],
      ),
    );
  let gradient = part(before, size);
  if (before > 0) gradient = add(gradient, laid(0, before, skipped));
  if (after > 0) gradient = add(gradient, laid(before + size, after, size - after - skipped));
  return gradient;
}
