/** @file FOD's networks, one for each level, as settings and levels decide them, and what they cost. L = grid² tokens. */
import type { FeatureLevel } from '../../training/feature-level.ts';
import type { FodPreset } from './settings.ts';

export interface FodNetwork
  extends Pick<FeatureLevel, 'grid' | 'channels'>,
    Pick<FodPreset, 'layers' | 'heads'> {
  /** d: what the heads and the four kinds of numbers of a position divide. */
  readonly width: number;
}

/** Attentions of a layer: to the image itself and to its reference. */
export const FOD_ATTENTIONS = ['intra', 'inter'] as const;

export function fodNetworks(preset: FodPreset, levels: readonly FeatureLevel[]): FodNetwork[] {
  const { layers, heads, widthShare } = preset;
  const unit = leastCommonMultiple(4, heads);
  return levels.map(({ grid, channels }) => ({
    ...{ grid, channels, layers, heads },
    width: unit * Math.max(1, Math.round((widthShare * channels) / unit)),
  }));
}

/** Multiplications of an image's way through the network. */
export function fodWork({ grid, channels, width, layers }: FodNetwork): number {
  const tokens = grid ** 2;
  // Of each attention three projections, the weights and what they mix; two layers of the feed-forward part.
  const attention = 3 * tokens * width ** 2 + 2 * tokens ** 2 * width;
  return layers * (2 * attention + 8 * tokens * width ** 2) + 3 * tokens * channels * width;
}

/** Weights of attention of an image and what they are compared with, all heads and layers. */
export function fodMaps({ grid, layers, heads }: FodNetwork): number {
  return 2 * FOD_ATTENTIONS.length * layers * heads * grid ** 4;
}

function leastCommonMultiple(a: number, b: number): number {
  let multiple = a;
  while (multiple % b !== 0) multiple += a;
  return multiple;
}
