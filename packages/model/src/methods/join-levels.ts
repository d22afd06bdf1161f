/**
 * @file Feature levels on one grid, side by side in channels, and the whitening before it. N images, L tokens of a level,
 * T = grid² tokens, C channels of all levels.
 */
import {
  concat,
  reshape,
  type Tensor,
  type Tensor4D,
  image as tfImage,
} from '@tensorflow/tfjs-core';
import type { FeatureLevel, FeatureSource } from './method.ts';
import { type Whitening, whitened, whiteningOf } from './whitening.ts';

export interface JoinedLevels {
  readonly levels: readonly FeatureLevel[];
  /** Of each level; null where features stay as they are. */
  readonly whitenings: readonly (Whitening | null)[];
}

/** @param features Training images, which the whitening is made from. @returns Of each level, null without whitening. */
export function whiteningsOf(
  { whitening }: { readonly whitening: boolean },
  levels: readonly FeatureLevel[],
  features: FeatureSource,
): (Whitening | null)[] {
  return levels.map(({ grid, channels }, level) =>
    whitening ? whiteningOf({ features, level, grid, channels }) : null,
  );
}

/**
 * Resized bilinearly, corners aligned.
 * @param given `tokens0…` f32 `[N, L, C of the level]`.
 * @param side Of the one grid.
 * @returns f32 `[N, T, C]`.
 */
export function joinLevels(
  given: Readonly<Record<string, Tensor>>,
  { levels, whitenings }: JoinedLevels,
  side: number,
): Tensor {
  const joined = levels.map(({ grid, channels }, level) => {
    const tokens = whitened(given[`tokens${level}`] as Tensor, whitenings[level] ?? null);
    if (grid === side) return tokens;
    const square = reshape(tokens, [-1, grid, grid, channels]) as Tensor4D;
    return reshape(tfImage.resizeBilinear(square, [side, side], true), [-1, side ** 2, channels]);
  });
  return joined.length === 1 ? (joined[0] as Tensor) : concat(joined, 2);
}
