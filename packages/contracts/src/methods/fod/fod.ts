/** @file FOD as a definition: presets and cost. What each preset costs and reaches: README.md of the method. */
import { levelSizes } from '../../training/feature-level.ts';
import { plannedSteps, trainedPart } from '../../training/trained-part.ts';
import { keptTokens, wholeImage } from '../image-settings.ts';
import { defineMethod } from '../method.ts';
import type { PresetName } from '../preset.ts';
import { type FodNetwork, fodMaps, fodNetworks, fodWork } from './network.ts';
import { type FodPreset, fodSettings } from './settings.ts';

/** As released, but for the reference, which needs no labels here: 100 epochs image by image, a day on a card. */
const PAPER: FodPreset = {
  ...wholeImage(256),
  strides: [8, 16],
  whitening: false,
  widthShare: 0.5,
  layers: 3,
  heads: 8,
  references: 1,
  divergence: 0.5,
  entropy: 0.5,
  stepsPerCategory: 0,
  passes: 100,
  mostSteps: 1_000_000,
  batchSize: 1,
  optimizer: 'adamw',
  learningRate: 1e-4,
  matrixLearningRate: 0.01,
  cosineDecay: false,
  keepBest: true,
  score: 'both',
};

/**
 * One layer at the coarse grid, with the means by which UniAD's and RLR's `quick` learn fast. After so few steps the attention's
 * part of the score does harm (README.md of the method).
 */
const QUICK: FodPreset = {
  ...PAPER,
  strides: [16],
  whitening: true,
  layers: 1,
  heads: 4,
  stepsPerCategory: 80,
  passes: 2,
  batchSize: 4,
  optimizer: 'muon',
  learningRate: 1e-3,
  cosineDecay: true,
  score: 'reconstruction',
};

const presets: Readonly<Record<PresetName, FodPreset>> = {
  paper: PAPER,
  quick: QUICK,
  /** Half as wide. */
  edge: { ...QUICK, widthShare: 0.25, heads: 2 },
  /** The finer tap of half the side, on as many patches. */
  tiny: { ...QUICK, ...wholeImage(128), strides: [8], stepsPerCategory: 50 },
};

/** Seconds of two cores for 10⁹ multiplications of a training step, and for 10⁶ weights of attention, which it passes over many times. */
const WORK_SECONDS = 0.0155;
const MAP_SECONDS = 0.012;

/** Forward and both gradients, which cost three times as much as scoring. */
function stepSeconds(networks: readonly FodNetwork[]): number {
  return networks.reduce(
    (sum, network) =>
      sum + (3 * fodWork(network) * WORK_SECONDS) / 1e9 + (fodMaps(network) * MAP_SECONDS) / 1e6,
    0,
  );
}

export const fod = defineMethod({
  name: 'fod',
  title: 'FOD',
  about:
    'Transformers that rebuild features by how patches relate to each other and to an average image. Minutes to hours to learn.',
  reconstructs: false,
  crossFits: false,
  tilesAre: 'images',
  settings: fodSettings,
  memory: { of: 'executor', growsWith: ['batchSize', 'imageSizePx', 'heads', 'layers'] },
  presets,
  needs: (settings) => keptTokens({ ...settings, averagePool: true }),
  cost(preset, work) {
    const { levels } = work;
    const networks = fodNetworks(preset, levels);
    const { batchSize, steps } = plannedSteps(preset, work);
    const size = `${preset.layers}-${preset.heads}-${preset.widthShare}-${levelSizes(levels)}`;
    return {
      scoreSeconds: stepSeconds(networks) / 3,
      // The networks run one after the other, their layers too.
      scoreBytes: Math.max(
        ...networks.map(
          ({ grid, heads, width, channels }) =>
            4 * (4 * heads * grid ** 4 + grid ** 2 * (8 * width + 3 * channels)),
        ),
      ),
      size,
      ...trainedPart(
        {
          part: FOD_PART,
          key: `fod/${size}/${batchSize}/${preset.optimizer}`,
          batchSize,
          steps,
          expectedSeconds: steps * batchSize * stepSeconds(networks),
        },
        work,
      ),
    };
  },
});

/** What progress is told of. */
export const FOD_PART = 'transformers';
