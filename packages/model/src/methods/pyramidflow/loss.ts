/** @file PyramidFlow's loss: how unlike the images of a batch are, in frequencies. N images, G places a side. */
import {
  abs,
  add,
  gather,
  matMul,
  mean,
  reshape,
  sqrt,
  square,
  sub,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
  tensor,
  transpose,
} from '@tensorflow/tfjs-core';
import { composePyramid } from './pyramid.ts';

/** Mean over pairs and frequencies of |F(d)|, d the squared difference of a pair's latents as one picture. @returns Scalar. */
export function pairLoss(levels: readonly Tensor4D[]): Tensor {
  const images = levels[0]?.shape[0] ?? 0;
  const pairs = Array.from({ length: images }, (_, a) =>
    Array.from({ length: images - a - 1 }, (_, b) => [a, a + 1 + b] as const),
  ).flat();
  const at = (x: Tensor4D, end: 0 | 1) =>
    gather(
      x,
      tensor(
        pairs.map((pair) => pair[end]),
        [pairs.length],
        'int32',
      ),
    );
  // The mean over channels before the levels are put together, which is linear and alike for each channel.
  const apart = levels.map((x) => mean(square(sub(at(x, 0), at(x, 1))), -1, true) as Tensor4D);
  return mean(magnitudes(composePyramid(apart)));
}

/** How far from a template, as one picture, f32 `[N, G, G, 1]`. @param template Finest first, f32 `[1, side, side, C]`. */
export function distanceMap(levels: readonly Tensor4D[], template: readonly Tensor4D[]): Tensor4D {
  return composePyramid(
    levels.map((x, level) => mean(abs(sub(x, template[level] as Tensor4D)), -1, true) as Tensor4D),
  );
}

/** So that the square root has a gradient everywhere. */
const SMALLEST = 1e-12;

/** |F(x)| of the two-dimensional Fourier transform, as products with sines and cosines. @param x f32 `[P, G, G, 1]`. */
export function magnitudes(x: Tensor4D): Tensor3D {
  const [images, side] = x.shape;
  const wave = (of: (angle: number) => number) =>
    tensor(
      Float32Array.from({ length: side ** 2 }, (_, i) =>
        of((2 * Math.PI * ((Math.floor(i / side) * (i % side)) % side)) / side),
      ),
      [side, side],
    );
  const [cosines, sines] = [wave(Math.cos), wave(Math.sin)];
  // Along one side; what comes out has its sides exchanged, and both are symmetric.
  const along = (y: Tensor, by: Tensor) =>
    transpose(
      reshape(matMul(reshape(y, [images * side, side]), by), [images, side, side]),
      [0, 2, 1],
    );
  const rows = reshape(x, [images, side, side]);
  const [even, odd] = [along(rows, cosines), along(rows, sines)];
  const real = sub(along(even, cosines), along(odd, sines));
  const imaginary = add(along(even, sines), along(odd, cosines));
  return sqrt(add(add(square(real), square(imaginary)), SMALLEST)) as Tensor3D;
}
