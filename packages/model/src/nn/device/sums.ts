/**
 * @file Sums over the rows of a matrix, and products summed over them, in pieces: a product with a long inner side and a
 * small result has too few tiles to fill a graphics card, several shorter ones side by side have enough.
 */
import {
  matMul,
  ones,
  reshape,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  transpose,
} from '@tensorflow/tfjs-core';

/** Side of the tile of a result that a group of threads of onnxruntime's `webgpu` product computes. */
export const TILE = 32;
/** Groups of threads that fill a large card. */
const ENOUGH_GROUPS = 512;
/** Rows from which a product is faster in two pieces, whatever its result; and below which it never is. */
const MANY_ROWS = 1024;
const FEW_ROWS = 128;
/** From 32 numbers on, `webgpu` sums by transposing first. */
const MOST_PIECES = 16;

/** Pieces that `rows` are cut into for a result of `tiles` tiles: a power of two that divides them. */
export function piecesOf(rows: number, tiles: number): number {
  const isWorthCutting = (pieces: number) =>
    rows % (2 * pieces) === 0 &&
    rows / pieces >= (pieces * tiles < ENOUGH_GROUPS ? FEW_ROWS : MANY_ROWS);
  let pieces = 1;
  while (pieces < MOST_PIECES && isWorthCutting(pieces)) pieces *= 2;
  return pieces;
}

/** Tiles of an `[a, b]` result. */
export function tilesOf(a: number, b: number): number {
  return Math.ceil(a / TILE) * Math.ceil(b / TILE);
}

/** Σ over the rows of `[rows, d]`: `[d]`; of `[k, rows, d]`: `[k, d]`. */
export function rowSums(x: Tensor): Tensor {
  const [rows = 1, d = 1] = x.shape.slice(-2);
  const count = x.size / (rows * d);
  const pieces = piecesOf(rows, count * tilesOf(1, d));
  const cut = reshape(x, [count * pieces, rows / pieces, d]) as Tensor3D;
  const sums = reshape(matMul(ones([1, 1, rows / pieces]), cut), [count, pieces, d]) as Tensor3D;
  const whole = pieces === 1 ? sums : matMul(ones([1, 1, pieces]), sums);
  return reshape(whole, [...x.shape.slice(0, -2), d]);
}

/** leftᵀ·right, `[rows, a]` and `[rows, b]` → `[a, b]`; the narrower of the two is transposed. */
export function transposedProduct(left: Tensor, right: Tensor): Tensor {
  const [rows = 1, a = 1] = left.shape;
  const [, b = 1] = right.shape;
  if (a > b) return transpose(transposedProduct(right, left));
  const pieces = piecesOf(rows, tilesOf(a, b));
  if (pieces === 1) return matMul(left as Tensor2D, right as Tensor2D, true, false);
  const cut = (x: Tensor, columns: number) => reshape(x, [pieces, rows / pieces, columns]);
  return sum(matMul(cut(left, a), cut(right, b), true, false), 0);
}

/** leftᵀ·right of one left side, `[rows, a]`, and k right sides, `[k, rows, b]`: `[k, a, b]`. */
export function transposedProducts(left: Tensor, right: Tensor): Tensor {
  const [rows = 1, a = 1] = left.shape;
  const [k = 1, , b = 1] = right.shape;
  const pieces = piecesOf(rows, k * tilesOf(a, b));
  const lefts = reshape(left, [1, pieces, rows / pieces, a]) as Tensor4D;
  const rights = reshape(right, [k, pieces, rows / pieces, b]) as Tensor4D;
  const products = matMul(lefts, rights, true, false);
  return pieces === 1 ? reshape(products, [k, a, b]) : sum(products, 1);
}
