/** @file Refuses levels that a preset of RLR has no settings for, saying what to choose instead. */
import { DomainError } from '../../errors.ts';
import type { FeatureLevel } from '../../training/feature-level.ts';
import { IMAGE_SIZES_PX } from '../image-size.ts';
import type { AskedSettings } from '../method.ts';
import type { PresetName } from '../preset.ts';
import { rlrNetworkConfig } from './network.ts';
import { RLR_PRESETS, type RlrPreset } from './presets.ts';

export function assertRlrLevels(
  preset: RlrPreset,
  levels: readonly FeatureLevel[],
  asked: AskedSettings,
): void {
  for (const level of levels) {
    const { grid, channels } = level;
    if (preset.levels[grid] === undefined) throw noLevel(preset, level, asked);
    rlrNetworkConfig(preset, grid, channels);
  }
}

function noLevel(
  preset: RlrPreset,
  { tap, grid }: FeatureLevel,
  { preset: name, given }: AskedSettings,
): DomainError {
  const { imageSizePx, levels } = preset;
  const stride = Math.round(imageSizePx / grid);
  const sides = Object.keys(levels);
  const strides = sides.map((side) => imageSizePx / Number(side)).sort((a, b) => a - b);
  const isSizeGiven = given['imageSizePx'] !== undefined;
  return new DomainError(
    'INVALID_INPUT',
    `RLR's preset ${name} can't be trained at ${imageSizePx} px with the feature tap ${tap} (stride ${stride}): that is a ${grid}×${grid} grid, and it has settings for grids of ${sides.join(', ')} patches per side.`,
    {
      field: isSizeGiven ? 'settings.imageSizePx' : 'featureTaps',
      fix: `${advice(name, preset, stride)}, or feature taps of stride ${strides.join(', ')}.`,
    },
  );
}

/** The image sizes at which the preset has settings for its strides and this one. */
function advice(name: PresetName, preset: RlrPreset, stride: number): string {
  const strides = [...new Set([...preset.strides, stride])];
  const sizes = IMAGE_SIZES_PX.filter((size) =>
    strides.every((each) => preset.levels[Math.ceil(size / each)] !== undefined),
  );
  const others = (['quick', 'edge', 'paper', 'tiny'] as const).filter(
    (other) =>
      other !== name &&
      strides.every(
        (each) => RLR_PRESETS[other].levels[Math.ceil(preset.imageSizePx / each)] !== undefined,
      ),
  );
  const choices = [
    ...(sizes.length === 0 ? [] : [`the image size ${sizes.join(' or ')}`]),
    ...(others.length === 0 ? [] : [`the preset ${others.join(' or ')}`]),
  ];
  return choices.length === 0 ? 'Choose another image size' : `Choose ${choices.join(', or ')}`;
}
