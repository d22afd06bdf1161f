/**
 * @file softmax(q·kᵀ + mask)·v with a gradient of its own: it keeps the attention weights and nothing else of their
 * size, and takes Σ dP·P over the keys as Σ dO·O over the channels (Dao et al. 2022, appendix B), which holds with dropout as
 * well: both are of the weights that are left. H heads, N images, L queries, S keys, e channels a head.
 */
import {
  add,
  customGrad,
  type GradSaveFunc,
  matMul,
  mul,
  reshape,
  softmax,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { emitsForDevice } from '../trace/index.ts';
import { deviceProduct, deviceRightGradient } from './device/attention-core.ts';

/** One right side an image (`N`) or one for all (`1`), in which case the images' rows are stacked into one product. */
function stacked(x: Tensor, images: number): Tensor {
  const [h = 1, n = 1, rows = 1, columns = 1] = x.shape;
  return reshape(x, images === 1 ? [h, n * rows, columns] : [h * n, rows, columns]);
}

/** `left·right`, `[H, N, L, a] × [H, M, a, b]` (`[H, M, b, a]` when transposed), M = N or 1. */
function product(left: Tensor, right: Tensor, transposeRight: boolean): Tensor {
  if (emitsForDevice()) return deviceProduct(left, right, transposeRight);
  const [h = 1, n = 1, l = 1] = left.shape;
  const [, m = 1, rows = 1, columns = 1] = right.shape;
  const result = matMul(
    stacked(left, m),
    reshape(right, [h * m, rows, columns]),
    false,
    transposeRight,
  );
  return reshape(result, [h, n, l, transposeRight ? rows : columns]);
}

/** The gradient of a right side: `leftᵀ·gradient`, summed over the images when it is one for all. */
function rightGradient(left: Tensor, gradient: Tensor, right: Tensor): Tensor {
  if (emitsForDevice()) return deviceRightGradient(left, gradient, right);
  const images = right.shape[1] ?? 1;
  return reshape(
    matMul(stacked(left, images), stacked(gradient, images), true, false),
    right.shape,
  );
}

function masked(logits: Tensor, mask: Tensor): Tensor {
  const [h = 1, n = 1, l = 1, s = 1] = logits.shape;
  const [groups = 1] = mask.shape;
  const grouped = reshape(logits, [h / groups, groups, n, l, s]);
  return reshape(add(grouped, reshape(mask, [groups, 1, l, s])), logits.shape);
}

/**
 * @param queries f32 `[H, N, L, e]`, scaled.
 * @param keys f32 `[H, N, S, e]`, or `[H, 1, S, e]` when all images share them.
 * @param values As the keys, with any number of channels.
 * @param mask Added to the logits, f32 `[G, L, S]`: mask g is that of the heads h with h mod G = g. It gets no gradient.
 * Null for none.
 * @param factors What the weights are multiplied with (`Dropout`), f32 `[H, N, L, S]`. They get no gradient.
 * @returns f32 `[H, N, L, e]`.
 */
export function attentionCore(
  queries: Tensor,
  keys: Tensor,
  values: Tensor,
  mask: Tensor | null,
  factors: Tensor | null = null,
): Tensor {
  const compute = customGrad((...inputs: (Tensor | GradSaveFunc)[]) => {
    const [q, k, v, save] = inputs as [Tensor, Tensor, Tensor, GradSaveFunc];
    const logits = product(q, k, true);
    const weights = softmax(mask === null ? logits : masked(logits, mask));
    const mixed = product(left(weights, factors), v, false);
    save([q, k, v, weights, mixed, ...(factors === null ? [] : [factors])]);
    return {
      value: mixed,
      gradFunc: (gradient: Tensor, saved: Tensor[]) => attentionGradient(gradient, saved),
    };
  });
  return compute(queries, keys, values);
}

/** The weights after dropout. */
function left(weights: Tensor, factors: Tensor | null): Tensor {
  return factors === null ? weights : mul(weights, factors);
}

function attentionGradient(gradient: Tensor, saved: Tensor[]): Tensor[] {
  const [q, k, v, weights, mixed] = saved as [Tensor, Tensor, Tensor, Tensor, Tensor];
  const factors = saved[5] ?? null;
  const dot = sum(mul(gradient, mixed), -1, true); // [H, N, L, 1]
  const logitsGradient = mul(weights, sub(left(product(gradient, v, true), factors), dot));
  return [
    product(logitsGradient, k, false),
    rightGradient(logitsGradient, q, k),
    rightGradient(left(weights, factors), gradient, v),
  ];
}
