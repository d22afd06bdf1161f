/** @file The Laplacian pyramid of PyramidFlow: features in, one level a scale out, and back. N images, C channels. */
import {
  add,
  depthwiseConv2d,
  maxPool,
  sub,
  type Tensor4D,
  tensor,
  image as tfImage,
  tile,
} from '@tensorflow/tfjs-core';

const BINOMIAL = [1, 4, 6, 4, 1].map((weight) => weight / 16);

/** Zeros beyond the border. */
function blurred(x: Tensor4D): Tensor4D {
  const window = BINOMIAL.flatMap((row) => BINOMIAL.map((column) => row * column));
  const filter = tile(tensor(window, [5, 5, 1, 1]), [1, 1, x.shape[3], 1]) as Tensor4D;
  return depthwiseConv2d(x, filter, 1, 'same');
}

/** To the next coarser level: the largest of four, as released. */
function halved(x: Tensor4D): Tensor4D {
  return maxPool(blurred(x), 2, 2, 'valid');
}

function doubled(x: Tensor4D): Tensor4D {
  const [, height, width] = x.shape;
  return blurred(tfImage.resizeNearestNeighbor(x, [2 * height, 2 * width]));
}

/** @param x f32 `[N, side, side, C]`. @returns Finest first: what the next level does not have, and the coarsest itself. */
export function buildPyramid(x: Tensor4D, levels: number): Tensor4D[] {
  if (levels === 1) return [x];
  const coarser = halved(x);
  return [sub(x, doubled(coarser)), ...buildPyramid(coarser, levels - 1)];
}

/** The inverse of `buildPyramid`; linear, and alike for each channel. */
export function composePyramid(pyramid: readonly Tensor4D[]): Tensor4D {
  const [finest, ...coarser] = pyramid;
  if (finest === undefined) throw new Error('A pyramid has at least one level.');
  return coarser.length === 0 ? finest : add(finest, doubled(composePyramid(coarser)));
}
