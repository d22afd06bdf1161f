/** @file Noise on features in proportion to their length, so that copying an input does not pay (UniAD, arXiv 2206.03687, section 3.4; RLR). */
import { add, mul, sqrt, square, sum, type Tensor } from '@tensorflow/tfjs-core';

/**
 * x + noise·‖x‖₂/C·scale, per token.
 * @param tokens f32 `[N, L, C]`.
 * @param noise Standard normal, f32 `[N, L, C]`.
 */
export function jitter(tokens: Tensor, noise: Tensor, scale: number): Tensor {
  const channels = tokens.shape.at(-1) ?? 1;
  const norms = sqrt(sum(square(tokens), -1, true));
  return add(tokens, mul(noise, mul(norms, scale / channels)));
}
