/** @file Dinomaly as a definition: presets and cost. What each preset costs and reaches: README.md of the method. */
import { levelSizes } from '../../training/feature-level.ts';
import { plannedSteps, trainedPart } from '../../training/trained-part.ts';
import { wholeImage } from '../image-settings.ts';
import { defineMethod } from '../method.ts';
import {
  assertMapLevels,
  type MapNetwork,
  mapNetwork,
  mapTokens,
  middleMapNeeds,
} from '../middle-maps.ts';
import type { PresetName } from '../preset.ts';
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

/** Multiplications of an image's way through the bottleneck and the layers. */
export function dinomalyWork(network: MapNetwork): number {
  const { channels: d, layers, heads } = network;
  const tokens = mapTokens(network);
  // Projections and the two layers of the perceptron; keys by values, queries by that.
  return tokens * (8 * d ** 2 + layers * (12 * d ** 2 + (2 * d ** 2) / heads));
}

/** Seconds of two cores for 10⁹ multiplications of a training step, for 10⁶ values of its tokens in a layer, and for 10⁶ parameters. */
const WORK_SECONDS = 0.0165;
const VALUE_SECONDS = 0.02;
const PARAMETER_SECONDS = 0.02;

/** Forward and both gradients, which cost three times as much as scoring. */
function imageSeconds(network: MapNetwork): number {
  const values = mapTokens(network) * network.channels * (network.layers + 2);
  return (3 * dinomalyWork(network) * WORK_SECONDS) / 1e9 + (values * VALUE_SECONDS) / 1e6;
}

/** Numbers that are trained, about: all but biases and norms. */
function matrixSize({ channels, layers }: MapNetwork): number {
  return channels ** 2 * (8 + 12 * layers);
}

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
  assertLevels: (preset, levels) => assertMapLevels('Dinomaly', preset, levels),
  cost(preset, work) {
    const { levels } = work;
    const network = mapNetwork(preset, levels);
    const { batchSize, steps } = plannedSteps(preset, work);
    const size = `${preset.layers}-${network.heads}-${levelSizes(levels)}`;
    const stepSeconds =
      batchSize * imageSeconds(network) + (matrixSize(network) * PARAMETER_SECONDS) / 1e6;
    return {
      scoreSeconds: imageSeconds(network) / 3,
      scoreBytes: 4 * mapTokens(network) * network.channels * (12 + network.layers),
      size,
      ...trainedPart(
        {
          part: DINOMALY_PART,
          key: `dinomaly/${size}/${batchSize}/${preset.optimizer}`,
          ...{ batchSize, steps },
          expectedSeconds: steps * stepSeconds,
        },
        work,
      ),
    };
  },
});

/** What progress is told of. */
export const DINOMALY_PART = 'decoder';
