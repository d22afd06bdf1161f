/** @file Settings of methods that read feature taps of several grids: which grid they are brought to, and how they are scaled. */
import { z } from 'zod';
import type { FeatureLevel } from '../training/feature-level.ts';
import { setting } from './setting.ts';

export const gridSetting = setting(z.enum(['coarsest', 'finest']), {
  label: 'Grid of patches',
  hint: 'All levels are resized to that of the coarsest tap, as released, or of the finest, which costs up to 16 times as much for each step between the two.',
  group: 'Features',
});

export const whiteningSetting = setting(z.boolean(), {
  label: 'Whiten features',
  hint: 'Scales features so that all directions in which they vary count alike, in training and in the score.',
  group: 'Features',
});

/** Levels on one grid, side by side in channels. */
export function joinedSize(
  grid: z.infer<typeof gridSetting>,
  levels: readonly FeatureLevel[],
): Pick<FeatureLevel, 'grid' | 'channels'> {
  const grids = levels.map((level) => level.grid);
  return {
    grid: grid === 'coarsest' ? Math.min(...grids) : Math.max(...grids),
    channels: levels.reduce((sum, { channels }) => sum + channels, 0),
  };
}
