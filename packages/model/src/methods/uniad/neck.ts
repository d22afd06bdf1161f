/**
 * @file All levels on one grid, side by side in channels, as released: what the network rebuilds. N images, L tokens of a level,
 * T = grid² tokens, C channels of all levels.
 */
import { type UniadNetwork, type UniadPreset, uniadNetwork } from '@plumbline/contracts';
import {
  concat,
  reshape,
  type Tensor,
  type Tensor4D,
  image as tfImage,
} from '@tensorflow/tfjs-core';
import type { FeatureLevel, FeatureSource } from '../method.ts';
import { type Whitening, whitened, whiteningOf } from '../whitening.ts';

export interface Neck {
  readonly network: UniadNetwork;
  readonly levels: readonly FeatureLevel[];
  /** Of each level; null where features stay as they are. */
  readonly whitenings: readonly (Whitening | null)[];
}

/** @param features Training images, which the whitening is made from. */
export function planNeck(
  preset: UniadPreset,
  levels: readonly FeatureLevel[],
  features: FeatureSource,
): Neck {
  return {
    ...{ network: uniadNetwork(preset, levels), levels },
    whitenings: levels.map(({ grid, channels }, level) =>
      preset.whitening ? whiteningOf({ features, level, grid, channels }) : null,
    ),
  };
}

/** Resized bilinearly, corners aligned. @returns f32 `[N, T, C]`. */
export function joinLevels(
  given: Readonly<Record<string, Tensor>>,
  { network, levels, whitenings }: Neck,
): Tensor {
  const { grid: side } = network;
  const joined = levels.map(({ grid, channels }, level) => {
    const tokens = whitened(given[`tokens${level}`] as Tensor, whitenings[level] ?? null);
    if (grid === side) return tokens;
    const square = reshape(tokens, [-1, grid, grid, channels]) as Tensor4D;
    return reshape(tfImage.resizeBilinear(square, [side, side], true), [-1, side ** 2, channels]);
  });
  return joined.length === 1 ? (joined[0] as Tensor) : concat(joined, 2);
}
