/** @file Instance normalization (Ulyanov et al. 2016) without scale and shift: each channel of each image over its pixels. */
import { add, mean, mul, rsqrt, square, sub, type Tensor4D } from '@tensorflow/tfjs-core';

/** As PyTorch's. */
const EPSILON = 1e-5;

/** @param x f32 `[N, h, w, C]`. @returns The same shape. */
export function instanceNorm(x: Tensor4D): Tensor4D {
  const centered: Tensor4D = sub(x, mean(x, [1, 2], true));
  const variance = mean(square(centered), [1, 2], true); // [N, 1, 1, C]
  return mul(centered, rsqrt(add(variance, EPSILON)));
}
