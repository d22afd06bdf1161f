/** @file RLR's presets. What each costs and reaches, and the search behind `quick`: README.md of the method. */
import type { StepBudget } from '../../training/step-budget.ts';
import { wholeImage } from '../image-settings.ts';
import type { PresetName } from '../preset.ts';
import type { EveryRlrSetting } from './settings.ts';

/** Settings that are the same for every level. */
type Common = Omit<
  EveryRlrSetting,
  'widths' | 'steps' | 'stepsPerCategory' | 'passes' | 'matrixLearningRates'
>;

export interface RlrPreset extends Readonly<Common> {
  /** Training of a level by the side of its grid. */
  readonly levels: Readonly<Record<number, RlrLevelPreset>>;
}

export interface RlrLevelPreset extends StepBudget {
  readonly width: number;
  /** In place of the budget. */
  readonly steps?: number;
  /** Muon's, of matrices. */
  readonly matrixLearningRate: number;
}

/** Where a preset trains by Adam and someone asks for Muon. */
const MATRICES = { matrixLearningRate: 0.01 };

/** The released README's configuration: days on a CPU, hours on a GPU. */
const PAPER: RlrPreset = {
  ...wholeImage(256),
  averagePool: true,
  whitening: false,
  strides: [8, 16],
  blocks: ['mca', 'nsa'],
  localGrids: [],
  gate: 'none',
  referenceLength: 1,
  referenceMode: 'fixed',
  referenceLoss: false,
  layers: 4,
  heads: 8,
  jitterScale: 4,
  jitterProbability: 1,
  maskTokens: false,
  batchSize: 4,
  optimizer: 'adam',
  learningRate: 1e-4,
  warmupSteps: 0,
  cosineDecay: false,
  weightDecay: 0,
  balance: 'none',
  earlyStopping: true,
  cosineWeight: 1,
  levelWeights: 'equal',
  levels: {
    64: { width: 128, stepsPerCategory: 0, passes: 200, ...MATRICES },
    32: { width: 256, stepsPerCategory: 0, passes: 200, ...MATRICES },
    16: { width: 512, stepsPerCategory: 0, passes: 200, ...MATRICES },
  },
};

/** What a training of minutes has in common: narrower, half as deep, ten times the learning rate with decay. */
const SHORT: Omit<RlrPreset, 'levels'> = {
  ...PAPER,
  layers: 2,
  learningRate: 1e-3,
  cosineDecay: true,
  weightDecay: 1e-4,
  balance: 'difficulty',
  earlyStopping: false,
  levelWeights: 'heldOut',
};

/** A minute per category on two cores. */
const QUICK: RlrPreset = {
  ...SHORT,
  batchSize: 4,
  whitening: true,
  localGrids: ['64', '32'],
  optimizer: 'muon',
  cosineWeight: 3,
  levels: {
    64: { width: 64, stepsPerCategory: 30, passes: 1, matrixLearningRate: 0.04 },
    32: { width: 128, stepsPerCategory: 70, passes: 1, matrixLearningRate: 0.04 },
    16: { width: 256, stepsPerCategory: 120, passes: 2, matrixLearningRate: 0.01 },
  },
};

/** Smallest and fastest at inference: one layer. */
const EDGE: RlrPreset = {
  ...QUICK,
  layers: 1,
  levels: {
    64: { width: 32, stepsPerCategory: 15, passes: 1, matrixLearningRate: 0.04 },
    32: { width: 64, stepsPerCategory: 40, passes: 1, matrixLearningRate: 0.04 },
    16: { width: 192, stepsPerCategory: 50, passes: 1, matrixLearningRate: 0.02 },
  },
};

/** A few minutes for six small categories: for trying the platform out, not for production. */
const TINY: RlrPreset = {
  ...QUICK,
  ...wholeImage(128),
  balance: 'category',
  levels: {
    32: { width: 64, stepsPerCategory: 30, passes: 1, matrixLearningRate: 0.04 },
    16: { width: 128, stepsPerCategory: 60, passes: 1, matrixLearningRate: 0.02 },
    8: { width: 192, stepsPerCategory: 100, passes: 2, matrixLearningRate: 0.02 },
  },
};

export const RLR_PRESETS: Readonly<Record<PresetName, RlrPreset>> = {
  paper: PAPER,
  quick: QUICK,
  edge: EDGE,
  tiny: TINY,
};
