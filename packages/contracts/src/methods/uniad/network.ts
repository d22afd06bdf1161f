/** @file UniAD's network as settings and levels decide it, its cost, and what it can't be built of. T = grid² tokens. */
import type { FeatureLevel } from '../../training/feature-level.ts';
import { joinedSize } from '../joined-levels.ts';
import { settingError } from '../setting-error.ts';
import type { UniadPreset } from './settings.ts';

export interface UniadNetwork
  extends Pick<UniadPreset, 'width' | 'layers' | 'heads' | 'hidden' | 'neighborMask' | 'queries'> {
  /** Side of the grid that all levels are resized to. */
  readonly grid: number;
  /** C: of all levels together. */
  readonly channels: number;
}

export function uniadNetwork(preset: UniadPreset, levels: readonly FeatureLevel[]): UniadNetwork {
  const { width, layers, heads, hidden, neighborMask, queries } = preset;
  return {
    ...{ width, layers, heads, hidden, neighborMask, queries },
    ...joinedSize(preset.grid, levels),
  };
}

/**
 * @throws DomainError naming the setting when the heads don't divide the width, or the neighborhood of a patch in the middle
 * is the whole grid: it would see nothing.
 */
export function assertUniadLevels(preset: UniadPreset, levels: readonly FeatureLevel[]): void {
  const { width, heads, neighborMask, grid } = uniadNetwork(preset, levels);
  if (width % heads !== 0)
    throw settingError(['width'], `Give a multiple of the ${heads} heads, not ${width}.`);
  const reach = Math.floor(grid / 2);
  if (Math.floor(neighborMask / 2) < reach || neighborMask === 0) return;
  throw settingError(
    ['neighborMask'],
    `A neighborhood of ${neighborMask}×${neighborMask} patches is all that a patch in the middle of the ${grid}×${grid} grid could look at. Give ${reach < 2 ? 0 : `at most ${2 * reach - 1}`}, a larger image size, or feature taps of smaller strides.`,
  );
}

/** Multiplications of an image's way through the network. */
export function uniadWork({ grid, channels, width, layers, hidden }: UniadNetwork): number {
  const tokens = grid ** 2;
  const attention = 4 * tokens * width ** 2 + 2 * tokens ** 2 * width;
  const feedForward = 2 * tokens * width * hidden;
  return layers * (3 * attention + 2 * feedForward) + 2 * tokens * channels * width;
}

/** Weights of attention of an image, all heads and layers: an attention of the encoder's layer, two of the decoder's. */
export function uniadMaps({ grid, layers, heads }: UniadNetwork): number {
  return 3 * layers * heads * grid ** 4;
}
