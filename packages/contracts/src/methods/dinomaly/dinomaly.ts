/** @file Dinomaly as a definition: presets and cost. What each preset costs and reaches: README.md of the method. */
import { levelSizes } from '../../training/feature-level.ts';
import { plannedSteps, trainedPart } from '../../training/trained-part.ts';
import { wholeImage } from '../image-settings.ts';
import { defineMethod } from '../method.ts';
import {
  assertMapLevels,
  mapNetwork,
  mapScoreBytes,
  mapScoreSeconds,
  mapStepSeconds,
  middleMapNeeds,
} from '../middle-maps.ts';
import type { PresetName } from '../preset.ts';
import { settingError } from '../setting-error.ts';
import { type DinomalyPreset, dinomalySettings } from './settings.ts';

/** As released: 10,000 steps, hours of a graphics card. 448 px are 28×28 patches, which the network sees as 392. */
const PAPER: DinomalyPreset = {
  ...wholeImage(448),
  blocks: 8,
  groups: 2,
  joinLevels: false,
  strides: [16],
  grid: 'coarsest',
  whitening: false,
  firstTokens: 'keep',
  layers: 8,
  headChannels: 64,
  dropout: 0.2,
  easyShare: 0.9,
  easyWeight: 0.1,
  easySteps: 1000,
  stepsPerCategory: 10_000,
  passes: 1,
  mostSteps: 10_000,
  batchSize: 16,
  optimizer: 'stableAdamW',
  learningRate: 2e-3,
  matrixLearningRate: 0.02,
  lastLearningRate: 2e-4,
  warmUpSteps: 100,
  clipNorm: 0.1,
  keepBest: false,
};

/** Two layers, on patches of 16 px; of convolutional backbones the taps side by side. */
const QUICK: DinomalyPreset = {
  ...PAPER,
  ...wholeImage(256),
  joinLevels: true,
  strides: [8, 16],
  whitening: true,
  firstTokens: 'drop',
  layers: 2,
  /** The published 0.2 lets defects through: such features are easier to pass on (README). */
  dropout: 0.6,
  easySteps: 100,
  stepsPerCategory: 50,
  passes: 1,
  mostSteps: 1_000_000,
  batchSize: 8,
  lastLearningRate: 0,
  warmUpSteps: 20,
  keepBest: true,
};

const presets: Readonly<Record<PresetName, DinomalyPreset>> = {
  paper: PAPER,
  quick: QUICK,
  /** A quarter of the patches, in training and when it answers. */
  edge: { ...QUICK, imageSizePx: 128 },
  /** On the finer grid of half the side, which has as many patches. */
  tiny: { ...QUICK, imageSizePx: 128, grid: 'finest', stepsPerCategory: 40 },
};

export const dinomaly = defineMethod({
  name: 'dinomaly',
  title: 'Dinomaly',
  about:
    'A plain transformer behind a noisy bottleneck rebuilds the middle blocks of a vision transformer, loosely. The most accurate of the compared methods with DINOv2 and a graphics card; with the embedded backbones a variant.',
  reconstructs: false,
  crossFits: false,
  tilesAre: 'images',
  settings: dinomalySettings,
  memory: { of: 'executor', growsWith: ['batchSize', 'imageSizePx', 'layers'] },
  presets,
  needs: (preset) => middleMapNeeds(preset, preset.firstTokens),
  assertLevels(preset, levels) {
    assertMapLevels('Dinomaly', preset, levels);
    if (preset.whitening && preset.firstTokens === 'keep')
      throw settingError(
        ['whitening'],
        'Class and register tokens are not whitened, and would no longer be of the patches’ kind. Set firstTokens to drop as well.',
      );
  },
  cost(preset, work) {
    const { levels } = work;
    const network = mapNetwork(preset, levels);
    const { batchSize, steps } = plannedSteps(preset, work);
    const size = `${preset.layers}-${network.heads}-${levelSizes(levels)}`;
    return {
      scoreSeconds: mapScoreSeconds(network),
      scoreBytes: mapScoreBytes(network),
      size,
      ...trainedPart(
        {
          part: DINOMALY_PART,
          key: `dinomaly/${size}/${batchSize}/${preset.optimizer}`,
          ...{ batchSize, steps },
          expectedSeconds: steps * mapStepSeconds(network, batchSize),
        },
        work,
      ),
    };
  },
});

/** What progress is told of. */
export const DINOMALY_PART = 'decoder';
