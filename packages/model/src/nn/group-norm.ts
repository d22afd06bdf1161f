/** @file Group normalization (Wu and He 2018): each image's channels in groups, each group over all its pixels. */
import { add, mean, mul, reshape, rsqrt, square, sub, type Tensor } from '@tensorflow/tfjs-core';
import type { Weights } from './weights.ts';

const EPSILON = 1e-5;

/**
 * @param layer With `weight` and `bias`, f32 `[C]`.
 * @param x f32 `[N, …, C]`, C a multiple of `groups`.
 */
export function groupNorm(layer: Weights, x: Tensor, groups: number): Tensor {
  const [n = 1] = x.shape;
  const channels = x.shape.at(-1) ?? 1;
  const grouped = reshape(x, [n, x.size / n / channels, groups, channels / groups]);
  const centered = sub(grouped, mean(grouped, [1, 3], true));
  const variance = mean(square(centered), [1, 3], true); // [N, 1, G, 1]
  const normalized = reshape(mul(centered, rsqrt(add(variance, EPSILON))), x.shape);
  return add(mul(normalized, layer.tensor('weight')), layer.tensor('bias'));
}
