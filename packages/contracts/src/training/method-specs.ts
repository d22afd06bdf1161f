/** @file The methods as data: what each is called, may be set and asks of the features. What they compute is elsewhere. */
import { DomainError } from '../errors.ts';
import type { METHODS, MethodSettings, PresetName } from '../run.ts';
import type { FeatureLevel, FeatureSettings } from './feature-level.ts';
import { IMAGE_SIZES_PX } from './image-size.ts';
import { PADIM_SETTING_NAMES, resolvePadim } from './padim-presets.ts';
import { PATCHCORE_SETTING_NAMES, resolvePatchCore } from './patchcore-presets.ts';
import { resolveRlrPreset, rlrNetworkConfig } from './rlr-config.ts';
import type { RlrPreset } from './rlr-presets.ts';
import { RLR_SETTING_NAMES } from './rlr-settings.ts';

export type MethodName = (typeof METHODS)[number];

export interface MethodSpec {
  /** As people know it. */
  readonly title: string;
  /** Whether it rebuilds features, so that a decoder can show what it takes for normal. */
  readonly reconstructs: boolean;
  /** Whether it fits so cheaply that every normal image is scored by a fit without it, and none is held out. */
  readonly crossFits: boolean;
  /** What `--set` takes; `imageSizePx` first, which every method has. */
  readonly settingNames: readonly string[];
  featureSettings(preset: PresetName, settings?: MethodSettings): FeatureSettings;
  /** @throws DomainError naming the setting when the method can't be fitted to these levels. */
  assertLevels(preset: PresetName, settings: MethodSettings, levels: readonly FeatureLevel[]): void;
}

/** Fits that each lack a part of the normal images, where a method `crossFits`. */
export const FOLDS = 10;
/** Progress is told of these fits under one name. */
export const FOLDS_PART = 'scores of images without themselves';

const anyLevels = () => {};
const withImageSize = (names: readonly string[]) => [...new Set(['imageSizePx', ...names])];

export const METHOD_SPECS: Readonly<Record<MethodName, MethodSpec>> = {
  patchcore: {
    title: 'PatchCore',
    reconstructs: false,
    crossFits: true,
    settingNames: withImageSize(PATCHCORE_SETTING_NAMES),
    featureSettings(name, settings) {
      const { imageSizePx, strides, neighborhood } = resolvePatchCore(name, settings);
      return { imageSizePx, strides, averagePool: neighborhood === 'average' };
    },
    assertLevels: anyLevels,
  },
  rlr: {
    title: 'RLR',
    reconstructs: true,
    crossFits: false,
    settingNames: withImageSize(RLR_SETTING_NAMES),
    featureSettings(name, settings) {
      const preset = resolveRlr(name, settings);
      const { imageSizePx, averagePool, strides } = preset;
      const heldOut = preset.earlyStopping || preset.levelWeights !== 'equal';
      return { imageSizePx, averagePool, strides, heldOut };
    },
    assertLevels(name, settings, levels) {
      const preset = resolveRlr(name, settings);
      const isSizeGiven = (settings.imageSizePx ?? settings.rlr?.imageSizePx) !== undefined;
      for (const level of levels) {
        const { grid, channels } = level;
        if (preset.levels[grid] === undefined) throw noLevel(name, preset, level, isSizeGiven);
        rlrNetworkConfig(preset, grid, channels);
      }
    },
  },
  padim: {
    title: 'PaDiM',
    reconstructs: false,
    crossFits: true,
    settingNames: withImageSize(PADIM_SETTING_NAMES),
    featureSettings(name, settings) {
      const { imageSizePx, strides } = resolvePadim(name, settings);
      return { imageSizePx, strides, averagePool: false };
    },
    assertLevels: anyLevels,
  },
};

/** RLR's preset under a run's settings. */
export function resolveRlr(name: PresetName, { imageSizePx, rlr }: MethodSettings = {}): RlrPreset {
  return resolveRlrPreset(name, { ...rlr, ...(imageSizePx === undefined ? {} : { imageSizePx }) });
}

function noLevel(
  name: PresetName,
  preset: RlrPreset,
  { tap, grid }: FeatureLevel,
  isSizeGiven: boolean,
): DomainError {
  const { imageSizePx, levels } = preset;
  const stride = Math.round(imageSizePx / grid);
  const sides = Object.keys(levels);
  const strides = sides.map((side) => imageSizePx / Number(side)).sort((a, b) => a - b);
  return new DomainError(
    'INVALID_INPUT',
    `RLR's preset ${name} can't be trained at ${imageSizePx} px with the feature tap ${tap} (stride ${stride}): that is a ${grid}×${grid} grid, and it has settings for grids of ${sides.join(', ')} a side.`,
    {
      field: isSizeGiven ? 'imageSizePx' : 'featureTaps',
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
        (each) =>
          resolveRlrPreset(other).levels[Math.ceil(preset.imageSizePx / each)] !== undefined,
      ),
  );
  const choices = [
    ...(sizes.length === 0 ? [] : [`the image size ${sizes.join(' or ')}`]),
    ...(others.length === 0 ? [] : [`the preset ${others.join(' or ')}`]),
  ];
  return choices.length === 0 ? 'Choose another image size' : `Choose ${choices.join(', or ')}`;
}
