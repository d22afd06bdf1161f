/**
 * @file Multi-head attention with PyTorch's packed projection. N batch, L tokens, d width, H heads, e = d/H.
 * A reference (one key or value set for the whole batch) has batch 1 and is projected once, not once an image.
 */
import {
  add,
  matMul,
  mul,
  reshape,
  softmax,
  split,
  type Tensor,
  transpose,
} from '@tensorflow/tfjs-core';
import { linear, namedLinear } from './layers.ts';
import { type Parameters, parameter } from './parameters.ts';

export interface AttentionInputs {
  /** f32 `[N, L, d]`. */
  readonly query: Tensor;
  /** f32 `[N, L, d]`, or `[1, L, d]` for a reference. */
  readonly key: Tensor;
  readonly value: Tensor;
  /** Added to the logits, f32 `[L, L]` (query, key); null for none. */
  readonly mask: Tensor | null;
}

type Projection = (x: Tensor) => Tensor;

/** The packed projection `[3d, d]` as query, key and value projections. */
function unpackProjection(parameters: Parameters, name: string): Projection[] {
  const weights = split(parameter(parameters, `${name}.in_proj_weight`), 3, 0);
  const biases = split(parameter(parameters, `${name}.in_proj_bias`), 3, 0);
  return weights.map((weight, part) => (x) => linear(x, weight, biases[part] as Tensor));
}

/** `[N, L, d]` → `[H, N, L, e]`. */
function splitHeads(x: Tensor, heads: number): Tensor {
  const [n = 1, l = 1, d = 1] = x.shape;
  return transpose(reshape(x, [n, l, heads, d / heads]), [2, 0, 1, 3]); // [H, N, L, e]
}

/**
 * softmax(q·kᵀ/√e + mask)·v, projected out.
 * @returns f32 `[N, L, d]`.
 */
export function multiHeadAttention(
  parameters: Parameters,
  name: string,
  inputs: AttentionInputs,
  heads: number,
): Tensor {
  const [n = 1, l = 1, d = 1] = inputs.query.shape;
  const e = d / heads;
  const [toQuery, toKey, toValue] = unpackProjection(parameters, name) as [
    Projection,
    Projection,
    Projection,
  ];
  // Scaling the queries touches L·d numbers, scaling the logits L·L.
  const queries = mul(splitHeads(toQuery(inputs.query), heads), 1 / Math.sqrt(e));
  const keys = splitHeads(toKey(inputs.key), heads);
  const values = splitHeads(toValue(inputs.value), heads);
  const logits = reshape(batchedProduct(queries, keys, true), [heads, n, l, l]);
  const weights = softmax(inputs.mask === null ? logits : add(logits, inputs.mask));
  const mixed = reshape(batchedProduct(weights, values, false), [heads, n, l, e]);
  return namedLinear(
    parameters,
    `${name}.out_proj`,
    reshape(transpose(mixed, [1, 2, 0, 3]), [n, l, d]),
  );
}

/**
 * `[H, N, L, a] × [H, M, …]` with M = N (one right side an image) or M = 1 (one for all: the images' rows are stacked,
 * so that it is one larger product a head).
 */
function batchedProduct(left: Tensor, right: Tensor, transposeRight: boolean): Tensor {
  const [h = 1, n = 1, l = 1, a = 1] = left.shape;
  const [, m = 1, rows = 1, columns = 1] = right.shape;
  const shared = m === 1;
  const stackedLeft = shared ? reshape(left, [h, n * l, a]) : reshape(left, [h * n, l, a]);
  const stackedRight = reshape(right, [h * m, rows, columns]);
  return matMul(stackedLeft, stackedRight, false, transposeRight);
}
