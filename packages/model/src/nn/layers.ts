/**
 * @file Layers as pure functions of tensors, in PyTorch's conventions (weights `[out, in]`). N batch, L tokens,
 * d width.
 */
import {
  add,
  customGrad,
  div,
  erf,
  exp,
  type GradSaveFunc,
  matMul,
  mean,
  mul,
  ones,
  reshape,
  rsqrt,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { emitsForDevice } from '../trace/index.ts';
import { geluOnDevice } from './device/gelu.ts';
import { normalizeRowsOnDevice } from './device/layer-norm.ts';
import { linearRows } from './device/linear.ts';
import { rowSums } from './device/sums.ts';

/**
 * y = x·Wᵀ + b over the last axis.
 * @param x f32 `[…, in]`.
 * @param weight f32 `[out, in]`.
 * @param bias f32 `[out]`.
 * @returns f32 `[…, out]`.
 */
export function linear(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  const [outputs = 1, inputs = 1] = weight.shape;
  const rows = reshape(x, [x.size / inputs, inputs]);
  const result = emitsForDevice()
    ? linearRows(rows, weight, bias)
    : addedBias(matMul(rows as Tensor2D, weight as Tensor2D, false, true), bias);
  return reshape(result, [...x.shape.slice(0, -1), outputs]);
}

/** x + bias, `[rows, out]`; the bias' gradient is a product, which is faster than a sum over rows. */
const addedBias = (x: Tensor, bias: Tensor): Tensor =>
  customGrad((a, b) => ({
    value: add(a as Tensor, b as Tensor),
    gradFunc: (gradient: Tensor) => [gradient, columnSums(gradient)],
  }))(x, bias);

/** Σ over the rows of `[rows, d]`, as a product. */
export function columnSums(x: Tensor): Tensor {
  if (emitsForDevice()) return rowSums(x);
  const [rows = 1, d = 1] = x.shape;
  return reshape(matMul(ones([1, rows]), x as Tensor2D), [d]);
}

/** Added to variances: PyTorch's default. */
const EPSILON = 1e-5;

/**
 * Layer normalization over the last axis (Ba et al. 2016).
 * @param weight f32 `[d]`, as `bias`.
 */
export function layerNorm(x: Tensor, weight: Tensor, bias: Tensor, epsilon = EPSILON): Tensor {
  const d = x.shape.at(-1) ?? 1;
  const rows = reshape(x, [x.size / d, d]);
  const normalized = emitsForDevice() ? normalizeRowsOnDevice(epsilon) : normalizeRows(epsilon);
  return reshape(normalized(rows, weight, bias), x.shape);
}

const normalizeRows = (epsilon: number) =>
  customGrad((...inputs: (Tensor | GradSaveFunc)[]) => {
    const [x, weight, bias, save] = inputs as [Tensor, Tensor, Tensor, GradSaveFunc];
    const centered = sub(x, mean(x, -1, true));
    const scale = rsqrt(add(mean(square(centered), -1, true), epsilon)); // [rows, 1]
    const normalized = mul(centered, scale);
    save([normalized, scale, weight]);
    return {
      value: add(mul(normalized, weight), bias),
      gradFunc: (gradient: Tensor, saved: Tensor[]) => normalizedGradient(gradient, saved),
    };
  });

/** With g = dy·w: dx = scale·(g − mean(g) − n·mean(g·n)); the means are products with w/d. */
function normalizedGradient(gradient: Tensor, saved: Tensor[]): Tensor[] {
  const [normalized, scale, weight] = saved as [Tensor, Tensor, Tensor];
  const d = weight.size;
  const scaled = mul(gradient, normalized);
  const average = reshape(div(weight, d), [d, 1]) as Tensor2D;
  const meanGradient = matMul(gradient as Tensor2D, average); // [rows, 1]
  const meanScaled = matMul(scaled as Tensor2D, average);
  const centered = sub(sub(mul(gradient, weight), meanGradient), mul(normalized, meanScaled));
  return [mul(centered, scale), columnSums(scaled), columnSums(gradient)];
}

/** GELU, exact: x·Φ(x) (Hendrycks and Gimpel 2016). */
export function gelu(x: Tensor): Tensor {
  return emitsForDevice() ? geluOnDevice(x) : plainGelu(x);
}

const plainGelu: (x: Tensor) => Tensor = customGrad((...inputs: (Tensor | GradSaveFunc)[]) => {
  const [x, save] = inputs as [Tensor, GradSaveFunc];
  const cdf = mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5);
  save([x, cdf]);
  return {
    value: mul(x, cdf),
    gradFunc: (gradient: Tensor, saved: Tensor[]) => {
      const [input, probability] = saved as [Tensor, Tensor];
      // Φ + x·φ; the density's factor 1/√(2π) is in the exponent.
      const density = exp(sub(-0.5 * Math.log(2 * Math.PI), mul(square(input), 0.5)));
      return mul(gradient, add(mul(input, density), probability));
    },
  };
});

/**
 * Cosine similarity along the last axis, as PyTorch: x·y / max(‖x‖‖y‖, eps) with eps 1e-8.
 * The squared norms get eps² added, which differs from the maximum only below it and has a gradient everywhere.
 */
export function cosineSimilarity(x: Tensor, y: Tensor): Tensor {
  const norms = sqrt(add(mul(sum(square(x), -1), sum(square(y), -1)), 1e-16));
  return div(sum(mul(x, y), -1), norms);
}
