/** @file INP-Former as a definition: presets and cost. What each preset costs and reaches: README.md of the method. */
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
import { type InpFormerPreset, inpFormerSettings } from './settings.ts';

/** As released: 200 passes, many hours of a graphics card. 448 px are 28×28 patches, which the network sees as 392. */
const PAPER: InpFormerPreset = {
  ...wholeImage(448),
  blocks: 8,
  groups: 2,
  joinLevels: false,
  strides: [16],
  grid: 'coarsest',
  whitening: false,
  prototypes: 6,
  layers: 8,
  headChannels: 64,
  coherence: 0.2,
  miningPower: 3,
  stepsPerCategory: 0,
  passes: 200,
  mostSteps: 1_000_000,
  batchSize: 16,
  optimizer: 'stableAdamW',
  learningRate: 1e-3,
  lastLearningRate: 1e-4,
  warmUpSteps: 100,
  matrixLearningRate: 0.02,
  clipNorm: 0.1,
  keepBest: false,
};

/** Two layers, on patches of 16 px; of convolutional backbones the taps side by side. */
const QUICK: InpFormerPreset = {
  ...PAPER,
  ...wholeImage(256),
  joinLevels: true,
  strides: [8, 16],
  whitening: true,
  layers: 2,
  stepsPerCategory: 50,
  passes: 1,
  batchSize: 8,
  learningRate: 2e-3,
  lastLearningRate: 0,
  warmUpSteps: 20,
  keepBest: true,
};

const presets: Readonly<Record<PresetName, InpFormerPreset>> = {
  paper: PAPER,
  quick: QUICK,
  /** A quarter of the patches, in training and when it answers. */
  edge: { ...QUICK, imageSizePx: 128 },
  /** On the finer grid of half the side, which has as many patches. */
  tiny: { ...QUICK, imageSizePx: 128, grid: 'finest', stepsPerCategory: 40 },
};

export const inpformer = defineMethod({
  name: 'inpformer',
  title: 'INP-Former',
  about:
    'A transformer rebuilds an image’s features of a few prototypes that it draws from the image itself. As accurate as Dinomaly with DINOv2 and a graphics card; with the embedded backbones a variant.',
  reconstructs: false,
  crossFits: false,
  tilesAre: 'images',
  settings: inpFormerSettings,
  memory: { of: 'executor', growsWith: ['batchSize', 'imageSizePx', 'layers'] },
  presets,
  needs: (preset) => middleMapNeeds(preset, 'drop'),
  assertLevels: (preset, levels) => assertMapLevels('INP-Former', preset, levels),
  cost(preset, work) {
    const { levels } = work;
    const network = mapNetwork(preset, levels);
    const { batchSize, steps } = plannedSteps(preset, work);
    const size = `${preset.layers}-${network.heads}-${preset.prototypes}-${levelSizes(levels)}`;
    return {
      scoreSeconds: mapScoreSeconds(network),
      scoreBytes: mapScoreBytes(network),
      size,
      ...trainedPart(
        {
          part: INPFORMER_PART,
          key: `inpformer/${size}/${batchSize}/${preset.optimizer}`,
          ...{ batchSize, steps },
          expectedSeconds: steps * mapStepSeconds(network, batchSize),
        },
        work,
      ),
    };
  },
});

/** What progress is told of. */
export const INPFORMER_PART = 'prototypes and decoder';
