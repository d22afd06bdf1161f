/** @file UniAD as a definition: presets and cost. What each preset costs and reaches: README.md of the method. */
import { plannedSteps, trainedPart } from '../../training/trained-part.ts';
import { keptTokens, wholeImage } from '../image-settings.ts';
import { defineMethod } from '../method.ts';
import type { PresetName } from '../preset.ts';
import {
  assertUniadLevels,
  type UniadNetwork,
  uniadMaps,
  uniadNetwork,
  uniadWork,
} from './network.ts';
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

/** One narrow layer, with the means by which RLR's `quick` learns fast. */
const QUICK: UniadPreset = {
  ...PAPER,
  ...wholeImage(256),
  strides: [8, 16],
  whitening: true,
  width: 128,
  layers: 1,
  heads: 4,
  hidden: 256,
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
  /** Half as wide. */
  edge: { ...QUICK, width: 64, heads: 2, hidden: 128 },
  /** On the finer grid of half the side, which has as many patches. */
  tiny: { ...QUICK, ...wholeImage(128), grid: 'finest', stepsPerCategory: 50 },
};

/**
 * Seconds of two cores for an image of a training step: for 10⁹ multiplications, for 10⁶ weights of attention and for 10⁶ values
 * of its tokens, which are passed over many times. From five networks on a 16×16 grid, beside other work.
 */
const WORK_SECONDS = 0.0155;
const MAP_SECONDS = 0.0065;
const VALUE_SECONDS = 0.11;

/** Forward and both gradients, which cost three times as much as scoring. */
function stepSeconds(network: UniadNetwork): number {
  const values = network.grid ** 2 * network.channels;
  return (
    (3 * uniadWork(network) * WORK_SECONDS) / 1e9 +
    (uniadMaps(network) * MAP_SECONDS + values * VALUE_SECONDS) / 1e6
  );
}

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
  needs: (settings) => keptTokens(settings),
  assertLevels: assertUniadLevels,
  cost(preset, work) {
    const { levels } = work;
    const network = uniadNetwork(preset, levels);
    const { batchSize, steps } = plannedSteps(preset, work);
    const { grid, channels, width, heads, layers } = network;
    const size = [grid, channels, width, layers, heads].join('-');
    return {
      scoreSeconds: stepSeconds(network) / 3,
      scoreBytes: 4 * (3 * heads * grid ** 4 + grid ** 2 * (2 * channels + 8 * width)),
      size,
      ...trainedPart(
        {
          part: UNIAD_PART,
          key: `uniad/${size}/${batchSize}/${preset.optimizer}`,
          batchSize,
          steps,
          expectedSeconds: steps * batchSize * stepSeconds(network),
        },
        work,
      ),
    };
  },
});

/** What progress is told of. */
export const UNIAD_PART = 'transformer';
