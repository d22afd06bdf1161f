/** @file Tokens of levels as the maps they are of. N images, C channels. */
import { reshape, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import type { PlacedLevel } from './step-feeds.ts';

/** In the order of the levels, f32 `[N, side, side, C]`. @param inputs `tokens0…` f32 `[N, L, C]`. */
export function levelImages(
  levels: readonly PlacedLevel[],
  inputs: Readonly<Record<string, Tensor>>,
): Tensor4D[] {
  return levels.map(({ grid, channels, index }, place) =>
    reshape(inputs[`tokens${index ?? place}`] as Tensor, [-1, grid, grid, channels]),
  );
}
