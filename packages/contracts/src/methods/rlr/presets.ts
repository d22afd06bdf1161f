/** @file RLR's presets. What each costs and reaches, and the search behind `quick`: README.md of the method. */
import type { StepBudget } from '../../training/step-budget.ts';
import type { PresetName } from '../preset.ts';
import type { EveryRlrSetting } from './settings.ts';

/** Settings that are the same for every level. */
type Common = Omit<EveryRlrSetting, 'widths' | 'steps' | 'stepsPerCategory' | 'passes'>;

export interface RlrPreset extends Readonly<Common> {
  /** Training of a level by the side of its grid. */
  readonly levels: Readonly<Record<number, RlrLevelPreset>>;
}

export interface RlrLevelPreset extends StepBudget {
  readonly width: number;
  /** In place of the budget. */
  readonly steps?: number;
}

/** The released README's configuration: days on a CPU, hours on a GPU. */
const PAPER: RlrPreset = {
  imageSizePx: 256,
  averagePool: true,
  strides: [8, 16],
  blocks: ['mca', 'nsa'],
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
  learningRate: 1e-4,
  warmupSteps: 0,
  cosineDecay: false,
  weightDecay: 0,
  balance: 'none',
  earlyStopping: true,
  levelWeights: 'equal',
  levels: {
    64: { width: 128, stepsPerCategory: 0, passes: 200 },
    32: { width: 256, stepsPerCategory: 0, passes: 200 },
    16: { width: 512, stepsPerCategory: 0, passes: 200 },
  },
};

/** Two minutes per category on two cores: narrower, half as deep, ten times the learning rate with decay. */
const QUICK: RlrPreset = {
  ...PAPER,
  layers: 2,
  batchSize: 4,
  learningRate: 1e-3,
  cosineDecay: true,
  weightDecay: 1e-4,
  balance: 'difficulty',
  earlyStopping: false,
  levelWeights: 'heldOut',
  levels: {
    64: { width: 64, stepsPerCategory: 30, passes: 1 },
    32: { width: 128, stepsPerCategory: 125, passes: 1 },
    16: { width: 256, stepsPerCategory: 300, passes: 2 },
  },
};

/** Smallest and fastest at inference: one layer. */
const EDGE: RlrPreset = {
  ...QUICK,
  layers: 1,
  batchSize: 8,
  levels: {
    64: { width: 32, stepsPerCategory: 15, passes: 1 },
    32: { width: 64, stepsPerCategory: 12, passes: 1 },
    16: { width: 128, stepsPerCategory: 90, passes: 2 },
  },
};

/** A few minutes for six small categories: for trying the platform out, not for production. */
const TINY: RlrPreset = {
  ...QUICK,
  imageSizePx: 128,
  batchSize: 8,
  balance: 'category',
  levelWeights: 'equal',
  levels: {
    32: { width: 64, stepsPerCategory: 5, passes: 1 },
    16: { width: 128, stepsPerCategory: 50, passes: 1 },
    8: { width: 192, stepsPerCategory: 150, passes: 2 },
  },
};

export const RLR_PRESETS: Readonly<Record<PresetName, RlrPreset>> = {
  paper: PAPER,
  quick: QUICK,
  edge: EDGE,
  tiny: TINY,
};
