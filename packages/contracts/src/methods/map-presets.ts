/** @file How Dinomaly and INP-Former are trained: the settings and presets that they share. */
import { z } from 'zod';
import {
  batchSizeSetting,
  budgetSettings,
  keepBestRebuilt,
  mostStepsSetting,
  stableSettings,
} from './budget-settings.ts';
import { wholeImage } from './image-settings.ts';
import { decoderSettings, middleMapSettings } from './middle-maps.ts';
import type { PresetName } from './preset.ts';

export const mapTrainingSettings = {
  ...budgetSettings,
  mostSteps: mostStepsSetting,
  batchSize: batchSizeSetting(1),
  ...stableSettings,
  keepBest: keepBestRebuilt,
};

const everySetting = z.object({ ...middleMapSettings, ...decoderSettings, ...mapTrainingSettings });
type MapPreset = Readonly<z.infer<typeof everySetting>>;

/** As released. 448 px are 28×28 patches, which the network sees as 392. */
export const RELEASED_MAPS: Omit<
  MapPreset,
  'stepsPerCategory' | 'passes' | 'learningRate' | 'lastLearningRate'
> = {
  ...wholeImage(448),
  blocks: 8,
  groups: 2,
  joinLevels: false,
  strides: [16],
  grid: 'coarsest',
  whitening: false,
  layers: 8,
  headChannels: 64,
  mostSteps: 1_000_000,
  batchSize: 16,
  optimizer: 'stableAdamW',
  matrixLearningRate: 0.02,
  warmUpSteps: 100,
  clipNorm: 0.1,
  keepBest: false,
};

/**
 * @param paper As published.
 * @param quick What the smaller ones have beside two layers, on patches of 16 px; of convolutional backbones the taps side by side.
 */
export function mapPresets<Preset extends MapPreset>(
  paper: Preset,
  quick: Partial<Preset>,
): Readonly<Record<PresetName, Preset>> {
  const small: Preset = {
    ...paper,
    ...wholeImage(256),
    joinLevels: true,
    strides: [8, 16],
    whitening: true,
    layers: 2,
    stepsPerCategory: 50,
    passes: 1,
    mostSteps: 1_000_000,
    batchSize: 8,
    lastLearningRate: 0,
    warmUpSteps: 20,
    keepBest: true,
    ...quick,
  };
  return {
    paper,
    quick: small,
    /** A quarter of the patches, in training and when it answers. */
    edge: { ...small, imageSizePx: 128 },
    /** On the finer grid of half the side, which has as many patches. */
    tiny: { ...small, imageSizePx: 128, grid: 'finest', stepsPerCategory: 40 },
  };
}
