/**
 * @file Linear attention (Katharopoulos et al. 2020): every query sees all tokens through one small matrix, so that attention
 * can't narrow on a token and copy it. N images, L tokens, C channels, H heads, e = C/H.
 */
import {
  add,
  customGrad,
  div,
  elu,
  type GradSaveFunc,
  matMul,
  minimum,
  mul,
  reshape,
  split,
  sum,
  type Tensor,
  type Tensor3D,
  transpose,
} from '@tensorflow/tfjs-core';
import type { Weights } from '../../nn/weights.ts';

/** elu(x) + 1: x + 1 above 0, eˣ below. Its slope is the smaller of itself and 1. */
const positive: (x: Tensor) => Tensor = customGrad((...inputs: (Tensor | GradSaveFunc)[]) => {
  const [x, save] = inputs as [Tensor, GradSaveFunc];
  const value = add(elu(x), 1);
  save([value]);
  return {
    value,
    gradFunc: (gradient: Tensor, saved: Tensor[]) => mul(gradient, minimum(saved[0] as Tensor, 1)),
  };
});

/**
 * With q and k made positive: q·(Σ k vᵀ) / (q·Σ k), projected out.
 * @param layer With `qkv` and `proj`.
 * @param x f32 `[N, L, C]`.
 * @returns f32 `[N, L, C]`.
 */
export function linearAttention(layer: Weights, x: Tensor, heads: number): Tensor {
  const [n = 1, tokens = 1, channels = 1] = x.shape;
  const e = channels / heads;
  const apart = reshape(layer.linear('qkv', x), [n, tokens, 3, heads, e]);
  const parts = split(transpose(apart, [2, 0, 3, 1, 4]), 3, 0); // [1, N, H, L, e]
  const [q, k, v] = parts.map((part) => reshape(part, [n * heads, tokens, e])) as [
    ...[Tensor3D, Tensor3D, Tensor3D],
  ];
  const queries = positive(q) as Tensor3D;
  const keys = positive(k) as Tensor3D;
  const mixing = matMul(keys, v, true, false); // [N·H, e, e]
  const total = sum<Tensor3D>(keys, 1, true); // [N·H, 1, e]
  const weight = matMul(queries, total, false, true); // [N·H, L, 1]
  const mixed = reshape(div(matMul(queries, mixing), weight), [n, heads, tokens, e]);
  return layer.linear('proj', reshape(transpose(mixed, [0, 2, 1, 3]), [n, tokens, channels]));
}
