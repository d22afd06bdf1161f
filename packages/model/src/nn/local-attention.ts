/**
 * @file Attention of each query to the keys in its neighborhood, computed on those alone. The grid is cut into square
 * blocks of queries; a block's queries see the same window of keys, the union of their neighborhoods moved into the
 * grid, and a mask blocks what is not in a query's own. The same softmax over the same keys as with a mask over all.
 * N batch, L = grid² tokens, d width, H heads, e = d/H, B blocks of b queries, S keys a block.
 */
import {
  concat,
  customGrad,
  gather,
  reshape,
  sum,
  type Tensor,
  tensor,
  tensor1d,
  transpose,
  zeros,
} from '@tensorflow/tfjs-core';
import { emitsForDevice } from '../trace/index.ts';
import { attentionCore } from './attention-core.ts';
import { cutIntoBlocks, joinBlocks } from './device/blocks.ts';
import { sumOfPlaces } from './device/sum-of-places.ts';
import { BLOCKED } from './window-mask.ts';

/** Side of a block. 4 does 25 to 50 % more products than needed at windows of 7 and 5, and its products are not tiny. */
const BLOCK = 4;

export interface LocalWindows {
  /** Queries of each block, `[B·b]`: a permutation of the tokens. */
  readonly queries: Int32Array;
  /** Keys of each block, `[B·S]`. */
  readonly keys: Int32Array;
  /** f32 `[B, b, S]`, 0 or -1e9. */
  readonly mask: Float32Array;
  readonly blocks: number;
  readonly queriesPerBlock: number;
  readonly keysPerBlock: number;
}

/** The blocks of a grid; null when they would not be fewer keys than all. */
export function localWindows(grid: number, window: number): LocalWindows | null {
  const half = Math.floor(window / 2);
  const side = BLOCK + 2 * half;
  if (grid % BLOCK !== 0 || side >= grid) return null;
  const perAxis = grid / BLOCK;
  const blocks = perAxis * perAxis;
  const queries: number[] = [];
  const keys: number[] = [];
  const mask: number[] = [];
  for (let block = 0; block < blocks; block++) {
    const own = square(grid, Math.floor(block / perAxis) * BLOCK, (block % perAxis) * BLOCK, BLOCK);
    const start = (index: number) => Math.min(Math.max(index * BLOCK - half, 0), grid - side);
    const seen = square(grid, start(Math.floor(block / perAxis)), start(block % perAxis), side);
    queries.push(...own);
    keys.push(...seen);
    for (const query of own)
      for (const key of seen) mask.push(isNear(grid, half, query, key) ? 0 : BLOCKED);
  }
  return {
    queries: Int32Array.from(queries),
    keys: Int32Array.from(keys),
    mask: Float32Array.from(mask),
    blocks,
    queriesPerBlock: BLOCK * BLOCK,
    keysPerBlock: side * side,
  };
}

/** Tokens of a square, row by row. */
function square(grid: number, row: number, column: number, side: number): number[] {
  return Array.from(
    { length: side * side },
    (_, i) => (row + Math.floor(i / side)) * grid + column + (i % side),
  );
}

function isNear(grid: number, half: number, a: number, b: number): boolean {
  const rows = Math.abs(Math.floor(a / grid) - Math.floor(b / grid));
  return rows <= half && Math.abs((a % grid) - (b % grid)) <= half;
}

/**
 * Tokens by index, `[M, L, d]` → `[M, count, d]`, with a gradient that gathers as well: each token sums the places it
 * went to.
 */
function gatherTokens(x: Tensor, indices: Int32Array): Tensor {
  const [m = 1, length = 1, d = 1] = x.shape;
  const places: number[][] = Array.from({ length }, () => []);
  for (const [place, token] of indices.entries()) places[token]?.push(place);
  const most = Math.max(...places.map((of) => of.length));
  const isPermutation = most === 1 && indices.length === length;
  // Place `indices.length` is a row of zeros.
  const inverse = Int32Array.from(
    places.flatMap((of) => Array.from({ length: most }, (_, i) => of[i] ?? indices.length)),
  );
  const gatherBack = (gradient: Tensor) => gather(gradient, tensor1d(inverse, 'int32'), 1);
  const compute = customGrad((input) => ({
    value: gather(input as Tensor, tensor1d(indices, 'int32'), 1),
    gradFunc: (gradient: Tensor) => {
      if (isPermutation) return gatherBack(gradient);
      if (emitsForDevice()) return sumOfPlaces(gradient, places, most);
      const all = gatherBack(concat([gradient, zeros([m, 1, d])], 1));
      return sum(reshape(all, [m, length, most, d]), 2);
    },
  }));
  return compute(x);
}

/**
 * @param queries f32 `[N, L, d]`, scaled.
 * @param keys f32 `[1, L, d]`: one reference for the batch.
 * @param values f32 `[1, L, d]`.
 * @returns f32 `[N, L, d]`.
 */
export function localAttention(
  queries: Tensor,
  keys: Tensor,
  values: Tensor,
  windows: LocalWindows,
  heads: number,
): Tensor {
  const [n = 1, l = 1, d = 1] = queries.shape;
  const e = d / heads;
  const { blocks, queriesPerBlock, keysPerBlock } = windows;
  // Heads and blocks are one axis: [H·B, N, b, e] and [H·B, 1, S, e].
  const blocked = emitsForDevice()
    ? cutIntoBlocks(queries, BLOCK, heads)
    : reshape(
        transpose(
          reshape(gatherTokens(queries, windows.queries), [n, blocks, queriesPerBlock, heads, e]),
          [3, 1, 0, 2, 4],
        ),
        [heads * blocks, n, queriesPerBlock, e],
      );
  const window = (x: Tensor) =>
    reshape(
      transpose(
        reshape(gatherTokens(x, windows.keys), [blocks, keysPerBlock, heads, e]),
        [2, 0, 1, 3],
      ),
      [heads * blocks, 1, keysPerBlock, e],
    );
  const mask = tensor(windows.mask, [blocks, queriesPerBlock, keysPerBlock]);
  const mixed = attentionCore(blocked, window(keys), window(values), mask);
  if (emitsForDevice()) return joinBlocks(mixed, BLOCK, heads);
  const rows = transpose(reshape(mixed, [heads, blocks, n, queriesPerBlock, e]), [2, 1, 3, 0, 4]);
  return gatherTokens(reshape(rows, [n, l, d]), inverseOf(windows.queries));
}

function inverseOf(permutation: Int32Array): Int32Array {
  const inverse = new Int32Array(permutation.length);
  for (const [place, token] of permutation.entries()) inverse[token] = place;
  return inverse;
}
