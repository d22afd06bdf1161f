/** @file Refuses levels that RLR has no attention window for, saying what to choose instead. */
import { DomainError } from '../../errors.ts';
import type { FeatureLevel } from '../../training/feature-level.ts';
import { IMAGE_SIZES_PX } from '../image-settings.ts';
import type { AskedSettings } from '../method.ts';
import { RLR_GRIDS, rlrNetworkConfig } from './network.ts';
import type { RlrPreset } from './presets.ts';

export function assertRlrLevels(
  preset: RlrPreset,
  levels: readonly FeatureLevel[],
  asked: AskedSettings,
): void {
  for (const level of levels) {
    const { grid, channels } = level;
    if (!RLR_GRIDS.includes(grid)) throw noWindow(preset, level, asked);
    rlrNetworkConfig(preset, grid, channels);
  }
}

function noWindow(
  preset: RlrPreset,
  { tap, grid }: FeatureLevel,
  { given }: AskedSettings,
): DomainError {
  const { imageSizePx, strides } = preset;
  const stride = Math.round(imageSizePx / grid);
  const isSizeGiven = given['imageSizePx'] !== undefined;
  const others = [4, 8, 16, 32].filter((each) => isTrainable(imageSizePx, each));
  const sizes = IMAGE_SIZES_PX.filter((size) =>
    [...strides, stride].every((each) => isTrainable(size, each)),
  );
  const size = sizes.length === 0 ? 'another image size' : `the image size ${sizes.join(' or ')}`;
  return new DomainError(
    'INVALID_INPUT',
    `RLR can't be trained at ${imageSizePx} px with the feature tap ${tap} (stride ${stride}): that is a ${grid}×${grid} grid, and it has attention windows for grids of ${RLR_GRIDS.join(', ')} patches per side.`,
    {
      field: isSizeGiven ? 'settings.imageSizePx' : 'featureTaps',
      fix: `Choose ${size}, or feature taps of stride ${others.join(', ')}.`,
    },
  );
}

function isTrainable(imageSizePx: number, stride: number): boolean {
  return RLR_GRIDS.includes(Math.ceil(imageSizePx / stride));
}
