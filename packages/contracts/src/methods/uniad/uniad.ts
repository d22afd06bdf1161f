/** @file UniAD as a definition: presets and cost. What each preset costs and reaches: README.md of the method. */
import { plannedCoverage } from '../../training/coverage.ts';
import { preparedImages, wholeImage } from '../image-settings.ts';
import { defineMethod } from '../method.ts';
import type { PresetName } from '../preset.ts';
import { assertUniadLevels, uniadNetwork, uniadSteps, uniadWork } from './network.ts';
import { type UniadPreset, uniadSettings } from './settings.ts';

/** As released, with the strides of its EfficientNet-B4: 1000 epochs, days on a CPU. */
const PAPER: UniadPreset = {
  ...wholeImage(224),
  strides: [2, 4, 8, 16],
  grid: 'coarsest',
  whitening: false,
  width: 256,
  layers: 4,
  heads: 8,
  hidden: 1024,
  neighborMask: 7,
  queries: 'layers',
  dropout: 0.1,
  jitterScale: 20,
  jitterProbability: 1,
  stepsPerCategory: 0,
  passes: 1000,
  mostSteps: 1_000_000,
  batchSize: 8,
  optimizer: 'adamw',
  learningRate: 1e-4,
  matrixLearningRate: 0.01,
  decay: 'step',
  keepBest: true,
};

const QUICK: UniadPreset = {
  ...PAPER,
  ...wholeImage(256),
  strides: [8, 16],
  whitening: true,
  layers: 2,
  dropout: 0,
  stepsPerCategory: 80,
  passes: 2,
  batchSize: 4,
  optimizer: 'muon',
  learningRate: 1e-3,
  decay: 'cosine',
};

const presets: Readonly<Record<PresetName, UniadPreset>> = {
  paper: PAPER,
  quick: QUICK,
  /** One layer, half as wide. */
  edge: { ...QUICK, width: 128, layers: 1, hidden: 512 },
  /** On the finer grid of half the side, which has as many patches. */
  tiny: {
    ...QUICK,
    ...wholeImage(128),
    grid: 'finest',
    width: 128,
    hidden: 512,
    stepsPerCategory: 50,
  },
};

/** Seconds for 10⁹ multiplications of a training step, and of a scored image. */
const STEP_SECONDS = 0.02;
const SCORE_SECONDS = 0.02;

export const uniad = defineMethod({
  name: 'uniad',
  title: 'UniAD',
  about:
    'A transformer that rebuilds features of normal images without seeing a patch’s own neighborhood. Hours to learn; a short training is a weak one.',
  reconstructs: false,
  crossFits: false,
  tilesAre: 'images',
  settings: uniadSettings,
  memory: { of: 'executor', growsWith: ['batchSize', 'imageSizePx', 'width'] },
  presets,
  needs: ({ strides, keepBest, ...images }) => ({
    ...preparedImages(images),
    labels: 'none',
    heldOut: keepBest,
    input: { kind: 'tokens', strides, access: 'random', averagePool: false },
  }),
  assertLevels: assertUniadLevels,
  cost(preset, { levels, images, categoryImages, maxSteps }) {
    const network = uniadNetwork(preset, levels);
    const { batchSize, steps } = uniadSteps(preset, {
      ...{ images, categories: categoryImages.length, maxSteps },
    });
    const { grid, channels, width, heads, layers } = network;
    const work = uniadWork(network);
    const size = [grid, channels, width, layers].join('-');
    return {
      scoreSeconds: (work * SCORE_SECONDS) / 1e9,
      scoreBytes: 4 * (3 * heads * grid ** 4 + grid ** 2 * (2 * channels + 8 * width)),
      size,
      coverage: [
        plannedCoverage({
          ...{ part: UNIAD_PART, categoryImages, drawn: steps * batchSize },
          balanced: false,
        }),
      ],
      parts: [
        {
          ...{ stage: 'fit', part: UNIAD_PART, units: steps },
          key: `uniad/${size}/${batchSize}/${preset.optimizer}`,
          // Forward and both gradients.
          expectedSeconds: (steps * batchSize * 3 * work * STEP_SECONDS) / 1e9,
        },
      ],
    };
  },
});

/** What progress is told of. */
export const UNIAD_PART = 'transformer';
