/**
 * @file The products of attention for a graphics card: in four axes, so that swapping two of them is part of the
 * transposition that split the heads, and the gradients of keys and values in the order that never transposes a map of
 * attention weights, which is a hundred times their size. Letters as in `attention-core.ts`.
 */
import { matMul, reshape, sum, type Tensor, type Tensor4D, transpose } from '@tensorflow/tfjs-core';
import { piecesOf, TILE, tilesOf } from './sums.ts';

/**
 * `left·right`, `[H, N, L, a] × [H, M, a, b]` (`[H, M, b, a]` when transposed), M = N or 1. The images' rows are stacked
 * where one image's don't fill a tile.
 */
export function deviceProduct(left: Tensor, right: Tensor, transposeRight: boolean): Tensor {
  const [h = 1, n = 1, l = 1, a = 1] = left.shape;
  const isStacked = (right.shape[1] ?? 1) === 1 && l % TILE !== 0;
  const rows = isStacked ? reshape(left, [h, 1, n * l, a]) : left;
  const result = matMul(rows as Tensor4D, right as Tensor4D, false, transposeRight);
  return isStacked ? reshape(result, [h, n, l, result.shape[3] ?? 1]) : result;
}

/**
 * The gradient of a right side, `leftᵀ·gradient`, as `(gradientᵀ·left)ᵀ`; summed over the images when it is one for
 * all, by a longer product or, when that has too few tiles, by itself.
 */
export function deviceRightGradient(left: Tensor, gradient: Tensor, right: Tensor): Tensor {
  const [h = 1, n = 1, l = 1, a = 1] = left.shape;
  const b = gradient.shape[3] ?? 1;
  const isShared = (right.shape[1] ?? 1) === 1;
  if (isShared && n > 1 && piecesOf(n * l, h * tilesOf(a, b)) === 1) {
    const stacked = (x: Tensor, columns: number) => reshape(x, [h, 1, n * l, columns]);
    return swapped(transposedProduct(stacked(gradient, b), stacked(left, a)));
  }
  const products = transposedProduct(gradient, left); // [H, N, b, a]
  return swapped(isShared && n > 1 ? sum(products, 1, true) : products);
}

function transposedProduct(left: Tensor, right: Tensor): Tensor {
  return matMul(left as Tensor4D, right as Tensor4D, true, false);
}

function swapped(x: Tensor): Tensor {
  return transpose(x, [0, 1, 3, 2]);
}
