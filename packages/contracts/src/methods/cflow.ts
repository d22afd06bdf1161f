/** @file CFLOW-AD (Gudovskiy et al., WACV 2022, arXiv 2107.12571) as a definition: settings, presets and cost. */
import { z } from 'zod';
import { plannedCoverage } from '../training/coverage.ts';
import type { FeatureLevel } from '../training/feature-level.ts';
import { type BudgetedTraining, budgetedSteps } from '../training/step-budget.ts';
import { budgetSettings } from './budget-settings.ts';
import { flowSettings } from './flow-settings.ts';
import { imageSettings, keptTokens, stridesSetting, wholeImage } from './image-settings.ts';
import { defineMethod } from './method.ts';
import type { PresetName } from './preset.ts';
import { setting } from './setting.ts';

const count = (max: number) => z.number().int().min(1).max(max);

const settings = {
  ...imageSettings,
  strides: stridesSetting([4, 8, 16, 32]),
  ...flowSettings,
  permutation: setting(z.enum(['soft', 'hard']), {
    label: 'Mixing between blocks',
    hint: 'soft is a random rotation, as published; hard a random order, which takes less time.',
    group: 'Network',
  }),
  ...budgetSettings,
  batchSize: setting(count(256), {
    label: 'Images drawn together',
    hint: 'Their vectors are mixed, and steps take them in turn.',
    unit: 'images',
    group: 'Training',
  }),
  vectors: setting(count(65_536), {
    label: 'Vectors of a step',
    hint: 'Feature vectors, of any place and image of those drawn together.',
    group: 'Training',
  }),
};
const everySetting = z.object(settings);

export type CflowPreset = Readonly<z.infer<typeof everySetting>>;

/** As released, but for the rotation by up to 5 degrees: features are computed once. */
const PAPER: CflowPreset = {
  ...wholeImage(256),
  strides: [8, 16, 32],
  whitening: false,
  blocks: 8,
  permutation: 'soft',
  stepsPerCategory: 0,
  passes: 200,
  batchSize: 32,
  vectors: 256,
  learningRate: 2e-4,
  keepBest: true,
  score: 'likelihood',
  sigma: 0,
};

/**
 * Minutes in place of hours: half of the blocks, whitened features, fifty times the learning rate. README.md of the method
 * has what was tried.
 */
const QUICK: CflowPreset = {
  ...PAPER,
  strides: [8, 16],
  whitening: true,
  blocks: 4,
  permutation: 'hard',
  stepsPerCategory: 150,
  passes: 1,
  vectors: 512,
  learningRate: 1e-2,
  score: 'logLikelihood',
  sigma: 4,
};

const presets: Readonly<Record<PresetName, CflowPreset>> = {
  paper: PAPER,
  quick: QUICK,
  /** The coarse grid alone. */
  edge: { ...QUICK, strides: [16] },
  tiny: { ...QUICK, imageSizePx: 128, stepsPerCategory: 60 },
};

/** Seconds for 10⁹ multiplications of a training step, and of a scored image. */
const STEP_SECONDS = 0.045;
const SCORE_SECONDS = 0.03;
/** Of the values of a level's widest layer, which its flow holds when it scores an image. */
const COPIES_OF_VALUES = 4;

/** Channels of the code of a position. */
export const CFLOW_CONDITION = 128;

export const cflow = defineMethod({
  name: 'cflow',
  title: 'CFLOW',
  about:
    'Learns how likely each feature vector is at its place, by a flow per level. Minutes to hours to learn.',
  reconstructs: false,
  crossFits: false,
  tilesAre: 'images',
  settings,
  memory: { of: 'executor', growsWith: ['vectors', 'batchSize', 'blocks'] },
  presets,
  needs: (settings) => keptTokens(settings),
  cost(preset, { levels, images, categoryImages, maxSteps }) {
    const plans = planCflowLevels(preset, levels, {
      ...{ images, categories: categoryImages.length, maxSteps },
    });
    const forward = plans.reduce(
      (sum, { grid, channels }) => sum + grid ** 2 * vectorWork(preset, channels),
      0,
    );
    return {
      scoreSeconds: (forward * SCORE_SECONDS) / 1e9,
      scoreBytes: Math.max(
        ...plans.map(
          ({ grid, channels }) => 4 * COPIES_OF_VALUES * grid ** 2 * cflowWidths(channels).hidden,
        ),
      ),
      size: `${preset.blocks}-${plans.map(({ channels }) => channels).join('-')}`,
      coverage: plans.map(({ tap, steps, fibers, batchSize }) =>
        plannedCoverage({
          ...{ part: tap, categoryImages, drawn: Math.ceil(steps / fibers) * batchSize },
          balanced: false,
        }),
      ),
      parts: plans.map(({ tap, channels, vectors, steps }) => ({
        ...{ stage: 'fit', part: tap, units: steps },
        key: `cflow/${channels}/${preset.blocks}/${preset.permutation}/${vectors}`,
        expectedSeconds: (steps * 3 * vectors * vectorWork(preset, channels) * STEP_SECONDS) / 1e9,
      })),
    };
  },
});

export interface CflowWidths {
  /** Channels that a block keeps and reads, C − ⌊C/2⌋; it changes the others. */
  readonly kept: number;
  readonly hidden: number;
}

/** @param channels C. */
export function cflowWidths(channels: number): CflowWidths {
  const kept = channels - Math.floor(channels / 2);
  return { kept, hidden: 2 * (kept + CFLOW_CONDITION) };
}

/** Multiplications of a flow for a vector. */
function vectorWork({ blocks, permutation }: CflowPreset, channels: number): number {
  const { kept, hidden } = cflowWidths(channels);
  const network = (kept + CFLOW_CONDITION) * hidden + hidden * 2 * (channels - kept);
  return blocks * (network + (permutation === 'soft' ? channels ** 2 : 0));
}

/** How the flow of a level is trained. */
export interface CflowLevelPlan extends FeatureLevel {
  /** Images whose vectors are mixed. */
  readonly batchSize: number;
  /** Of a step. */
  readonly vectors: number;
  /** Steps that the vectors of the images drawn together give; what is left over is left out, as released. */
  readonly fibers: number;
  readonly steps: number;
}

/** Steps per category are those of the level with the most vectors; the others see the same images. */
export function planCflowLevels(
  preset: CflowPreset,
  levels: readonly FeatureLevel[],
  { images, categories, maxSteps = Number.POSITIVE_INFINITY }: Omit<BudgetedTraining, 'batchSize'>,
): CflowLevelPlan[] {
  const batchSize = Math.min(preset.batchSize, Math.max(1, images));
  const plans = levels.map((level) => {
    const all = batchSize * level.grid ** 2;
    const vectors = Math.min(preset.vectors, all);
    return { ...level, batchSize, vectors, fibers: Math.floor(all / vectors) };
  });
  const most = Math.max(...plans.map(({ fibers }) => fibers));
  const draws = budgetedSteps(
    { ...preset, stepsPerCategory: preset.stepsPerCategory / most },
    { images, categories, batchSize },
  );
  return plans.map((plan) => ({ ...plan, steps: Math.min(draws * plan.fibers, maxSteps) }));
}
