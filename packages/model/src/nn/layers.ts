/**
 * @file Layers as pure functions of tensors, in PyTorch's conventions (weights `[out, in]`). N batch, L tokens,
 * d width.
 */
import {
  add,
  div,
  erf,
  matMul,
  mean,
  mul,
  reshape,
  rsqrt,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { type Parameters, parameter } from './parameters.ts';

/**
 * y = x·Wᵀ + b over the last axis.
 * @param x f32 `[…, in]`.
 * @param weight f32 `[out, in]`.
 * @param bias f32 `[out]`.
 * @returns f32 `[…, out]`.
 */
export function linear(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  const [outputs = 1, inputs = 1] = weight.shape;
  const rows = x.size / inputs;
  const product = matMul(reshape(x, [rows, inputs]) as Tensor2D, weight as Tensor2D, false, true);
  return reshape(add(product, bias), [...x.shape.slice(0, -1), outputs]);
}

/** `linear` with the parameters `<name>.weight` and `<name>.bias`. */
export function namedLinear(parameters: Parameters, name: string, x: Tensor): Tensor {
  return linear(x, parameter(parameters, `${name}.weight`), parameter(parameters, `${name}.bias`));
}

/** Layer normalization over the last axis (Ba et al. 2016), eps 1e-5, with the parameters `<name>.weight/bias`. */
export function layerNorm(parameters: Parameters, name: string, x: Tensor): Tensor {
  const centered = sub(x, mean(x, -1, true));
  const scale = rsqrt(add(mean(square(centered), -1, true), 1e-5));
  return add(
    mul(mul(centered, scale), parameter(parameters, `${name}.weight`)),
    parameter(parameters, `${name}.bias`),
  );
}

/** GELU, exact: x·Φ(x) (Hendrycks and Gimpel 2016). */
export function gelu(x: Tensor): Tensor {
  return mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1));
}

/**
 * Cosine similarity along the last axis, as PyTorch: x·y / max(‖x‖‖y‖, eps) with eps 1e-8.
 * The squared norms get eps² added, which differs from the maximum only below it and has a gradient everywhere.
 */
export function cosineSimilarity(x: Tensor, y: Tensor): Tensor {
  const norms = sqrt(add(mul(sum(square(x), -1), sum(square(y), -1)), 1e-16));
  return div(sum(mul(x, y), -1), norms);
}
