/** @file The colors of what a backbone sees. N images, S pixels a side. */
import { IMAGENET_COLORS } from '@plumbline/contracts';
import { add, mul, type Tensor, type Tensor4D, tensor, transpose } from '@tensorflow/tfjs-core';

/** The images before they were normalized: colors 0 to 1, f32 `[N, S, S, 3]`. @param pixels f32 `[N, 3, S, S]`. */
export function colorsOf(pixels: Tensor): Tensor4D {
  const { mean, std } = IMAGENET_COLORS;
  const images = transpose(pixels, [0, 2, 3, 1]);
  return add(mul(images, tensor([...std])), tensor([...mean]));
}
