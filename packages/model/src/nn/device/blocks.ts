/**
 * @file The tokens of a grid by square blocks of queries, as one transposition: on a graphics card one pass over them,
 * where gathering the tokens and splitting the heads takes two. H heads, N images, L = grid² tokens, d width, e = d/H,
 * B blocks of b = block² queries.
 */
import { reshape, type Tensor, transpose } from '@tensorflow/tfjs-core';

/** Row of blocks, row in it, column of blocks, column in it, head: `[N, r, i, c, j, H, e]`. */
const TO_BLOCKS = [5, 1, 3, 0, 2, 4, 6];
const FROM_BLOCKS = [3, 1, 4, 2, 5, 0, 6];

/** `[N, L, d]` → `[H·B, N, b, e]`. */
export function cutIntoBlocks(tokens: Tensor, block: number, heads: number): Tensor {
  const [n = 1, length = 1, d = 1] = tokens.shape;
  const perAxis = Math.sqrt(length) / block;
  const e = d / heads;
  const grid = reshape(tokens, [n, perAxis, block, perAxis, block, heads, e]);
  return reshape(transpose(grid, TO_BLOCKS), [heads * perAxis * perAxis, n, block * block, e]);
}

/** `[H·B, N, b, e]` → `[N, L, d]`. */
export function joinBlocks(blocks: Tensor, block: number, heads: number): Tensor {
  const [groups = 1, n = 1, , e = 1] = blocks.shape;
  const perAxis = Math.sqrt(groups / heads);
  const apart = reshape(blocks, [heads, perAxis, perAxis, n, block, block, e]);
  return reshape(transpose(apart, FROM_BLOCKS), [n, (perAxis * block) ** 2, heads * e]);
}
