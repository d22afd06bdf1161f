/**
 * @file FOD's network of a level (Yao et al., ICCV 2023, section 3, as released): features in, the same rebuilt out of how
 * attention within the image differs from attention to a reference, and both attentions beside what lies nearby. N images,
 * L = grid² tokens, C channels, d width, H heads, e = d/H, g = grid.
 */
import { FOD_ATTENTIONS, type FodNetwork } from '@plumbline/contracts';
import {
  add,
  div,
  exp,
  matMul,
  mul,
  reshape,
  sigmoid,
  slice,
  softmax,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  transpose,
} from '@tensorflow/tfjs-core';
import { gelu } from '../../nn/layers.ts';
import { sinePositionEmbedding } from '../../nn/position-embedding.ts';
import type { Weights } from '../../nn/weights.ts';

/** Rows of both sum to 1. */
export interface Correlation {
  /** S: weights of attention, f32 `[H, N, L, L]`, query by key. */
  readonly attention: Tensor;
  /** G: what lies nearby, by how far each token looks, f32 `[H, N, L, L]`. */
  readonly nearby: Tensor;
}

export interface FodOutput {
  /** f32 `[N, L, C]`. */
  readonly rebuilt: Tensor;
  /** Of each layer. */
  readonly intra: readonly Correlation[];
  readonly inter: readonly Correlation[];
}

/**
 * @param weights Of the level.
 * @param tokens f32 `[N, L, C]`.
 * @param reference Of each image, f32 `[N, L, C]`, or `[1, L, C]` for all.
 */
export function fodForward(
  weights: Weights,
  tokens: Tensor,
  reference: Tensor,
  network: FodNetwork,
): FodOutput {
  const { grid, width, layers } = network;
  const position = tensor(sinePositionEmbedding(grid, width), [1, grid ** 2, width]);
  const expected = add(weights.linear('reference', reference), position);
  const intra: Correlation[] = [];
  const inter: Correlation[] = [];
  let x = add(weights.linear('embedding', tokens), position); // [N, L, d]
  for (let index = 0; index < layers; index++) {
    const layer = weights.at(`layers.${index}`);
    const [within, across] = FOD_ATTENTIONS.map((kind) =>
      attend(layer.at(kind), x, kind === 'intra' ? x : expected, network),
    ) as [Attended, Attended];
    intra.push(within);
    inter.push(across);
    // (x + a) − (x + b): x itself cancels out, so that nothing can be copied.
    const n = layer.layerNorm('norm1', sub(within.mixed, across.mixed));
    const hidden = gelu(layer.linear('fc1', n));
    x = layer.layerNorm('norm2', add(n, layer.linear('fc2', hidden)));
  }
  const rebuilt = weights.linear('out', weights.layerNorm('norm', x));
  return { rebuilt, intra, inter };
}

interface Attended extends Correlation {
  /** f32 `[N, L, d]`. */
  readonly mixed: Tensor;
}

/** @param seen Keys and values, f32 `[N, L, d]` or `[1, L, d]`. */
function attend(layer: Weights, x: Tensor, seen: Tensor, network: FodNetwork): Attended {
  const { heads, width } = network;
  const scale = 1 / Math.sqrt(width / heads);
  const queries = splitHeads(mul(layer.linear('query', x), scale), heads);
  const keys = splitHeads(layer.linear('key', seen), heads);
  const values = splitHeads(layer.linear('value', seen), heads);
  const attention = softmax(product(queries, keys, true)); // [H, N, L, L]
  return {
    attention,
    mixed: joinHeads(product(attention, values, false)),
    nearby: nearbyOf(layer.linear('sigma', x), network),
  };
}

/** `[N, L, d]` → `[H, N, L, e]`. */
function splitHeads(x: Tensor, heads: number): Tensor {
  const [n = 1, l = 1, d = 1] = x.shape;
  return transpose(reshape(x, [n, l, heads, d / heads]), [2, 0, 1, 3]);
}

/** `[H, N, L, e]` → `[N, L, d]`. */
function joinHeads(x: Tensor): Tensor {
  const [heads = 1, n = 1, l = 1, e = 1] = x.shape;
  return reshape(transpose(x, [1, 2, 0, 3]), [n, l, heads * e]);
}

/** `[H, N, L, a] × [H, M, a, b]` (`[H, M, b, a]` when transposed), M = N, or 1: one right side for all images. */
function product(left: Tensor, right: Tensor, transposeRight: boolean): Tensor {
  const [heads = 1, n = 1, l = 1, a = 1] = left.shape;
  const [, m = 1, rows = 1, columns = 1] = right.shape;
  const [count, height] = m === 1 ? [heads, n * l] : [heads * n, l];
  const result = matMul(
    reshape(left, [count, height, a]),
    reshape(right, [count, rows, columns]),
    false,
    transposeRight,
  );
  return reshape(result, [heads, n, l, transposeRight ? rows : columns]);
}

/**
 * A Gaussian around each token, rows normalized: the product of one down and one across.
 *
 *     σ = 3^(sigmoid(5s) + 1e-5) − 1, 0 to 2 places
 *
 * @param raw s, f32 `[N, L, 2H]`: for each head down and across.
 * @returns f32 `[H, N, L, L]`.
 */
function nearbyOf(raw: Tensor, { grid, heads }: FodNetwork): Tensor {
  const [n = 1, l = 1] = raw.shape;
  const spread = sub(exp(mul(add(sigmoid(mul(raw, 5)), 1e-5), Math.log(3))), 1);
  const byHead = transpose(reshape(spread, [n, l, heads, 2]), [2, 0, 1, 3]); // [H, N, L, 2]
  const along = (axis: 0 | 1) => {
    const sigma = slice(byHead, [0, 0, 0, axis], [heads, n, l, 1]);
    const distances = tensor(squaredDistances(grid, axis), [1, 1, l, grid]);
    const weights = exp(div(mul(distances, -0.5), square(sigma))); // [H, N, L, g]
    return div(weights, sum(weights, -1, true));
  };
  const down = reshape(along(0), [heads, n, l, grid, 1]);
  return reshape(mul(down, reshape(along(1), [heads, n, l, 1, grid])), [heads, n, l, l]);
}

/** Of each token to each row (axis 0) or column of the grid, f32 `[L, g]`. */
function squaredDistances(grid: number, axis: 0 | 1): Float32Array {
  return Float32Array.from({ length: grid ** 3 }, (_, i) => {
    const token = Math.floor(i / grid);
    const at = axis === 0 ? Math.floor(token / grid) : token % grid;
    return (at - (i % grid)) ** 2;
  });
}
