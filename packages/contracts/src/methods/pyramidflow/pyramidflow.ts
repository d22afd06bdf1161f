/** @file PyramidFlow (Lei et al., CVPR 2023, arXiv 2303.02595) as a definition: settings, presets and cost. */
import { z } from 'zod';
import { DomainError } from '../../errors.ts';
import type { FeatureLevel } from '../../training/feature-level.ts';
import { plannedSteps, trainedPart } from '../../training/trained-part.ts';
import {
  batchSizeSetting,
  budgetSettings,
  clipNormSetting,
  mostStepsSetting,
} from '../budget-settings.ts';
import { imageSettings, keptTokens, wholeImage } from '../image-settings.ts';
import { defineMethod } from '../method.ts';
import type { PresetName } from '../preset.ts';
import { setting } from '../setting.ts';
import { type PyramidShape, pyramidValues, pyramidWork } from './network.ts';

const settings = {
  ...imageSettings,
  pyramidLevels: setting(z.number().int().min(2).max(8), {
    label: 'Levels of the pyramid',
    hint: 'The side of the features must be divisible by two as often, less once.',
    group: 'Network',
  }),
  stacks: setting(z.number().int().min(1).max(16), {
    label: 'Stacks',
    hint: 'Each goes over the levels twice.',
    group: 'Network',
  }),
  kernel: setting(z.literal([3, 5, 7, 9, 11]), {
    label: 'Kernel',
    hint: 'Side of the filters.',
    group: 'Network',
  }),
  normalizes: setting(z.enum(['channels', 'places']), {
    label: 'Volume normalization over',
    hint: 'channels, as published for most categories; or places, as for textures and some others.',
    group: 'Network',
  }),
  ...budgetSettings,
  mostSteps: mostStepsSetting,
  batchSize: batchSizeSetting(2),
  learningRate: setting(z.number().gt(0).max(1), { label: 'Learning rate', group: 'Training' }),
  clipNorm: clipNormSetting,
};
const everySetting = z.object(settings);

export type PyramidflowPreset = Readonly<z.infer<typeof everySetting>>;

/** As released, but for the size of images, which is 1024. */
const PAPER: PyramidflowPreset = {
  ...wholeImage(512),
  pyramidLevels: 4,
  stacks: 4,
  kernel: 7,
  normalizes: 'channels',
  stepsPerCategory: 0,
  passes: 15,
  mostSteps: 1_000_000,
  batchSize: 2,
  learningRate: 2e-4,
  clipNorm: 1,
};

/** Half the side, one stack of small filters: a hundredth of the work. */
const QUICK: PyramidflowPreset = {
  ...PAPER,
  ...{ imageSizePx: 256, stacks: 1, kernel: 3 },
  ...{ stepsPerCategory: 100, passes: 1, batchSize: 4 },
};

const presets: Readonly<Record<PresetName, PyramidflowPreset>> = {
  paper: PAPER,
  quick: QUICK,
  edge: { ...QUICK, imageSizePx: 128 },
  tiny: { ...QUICK, imageSizePx: 128, stepsPerCategory: 60 },
};

/** Seconds for 10⁹ multiplications of a training step, and of a scored image. */
const STEP_SECONDS = 0.04;
const SCORE_SECONDS = 0.03;

/** What progress is told of. */
export const PYRAMIDFLOW_PART = 'pyramid flow';

export const pyramidflow = defineMethod({
  name: 'pyramidflow',
  title: 'PyramidFlow',
  about:
    'A flow that makes normal images alike on every level of a pyramid, and compares with their mean. Weak with many categories. As published it needs a graphics card and hours.',
  reconstructs: false,
  crossFits: false,
  tilesAre: 'images',
  settings,
  memory: { of: 'executor', growsWith: ['imageSizePx', 'batchSize', 'stacks'] },
  presets,
  needs: (preset) => keptTokens({ ...preset, strides: [4], keepBest: false }),
  assertLevels: ({ pyramidLevels }, levels) => assertHalves(pyramidLevels, levels),
  cost(preset, work) {
    const { batchSize, steps } = plannedSteps(preset, work);
    const shape = pyramidShape(preset, work.levels);
    const forward = pyramidWork(shape);
    const { grid, channels, stacks, kernel } = shape;
    const size = `${grid}-${channels}/${stacks}-${kernel}-${preset.pyramidLevels}`;
    return {
      scoreSeconds: (forward * SCORE_SECONDS) / 1e9,
      scoreBytes: 4 * pyramidValues({ ...shape, stacks: 1 }),
      size,
      ...trainedPart(
        {
          part: PYRAMIDFLOW_PART,
          key: `pyramidflow/${size}/${batchSize}`,
          batchSize,
          steps,
          // Forward, and both gradients.
          expectedSeconds: (steps * batchSize * 3 * forward * STEP_SECONDS) / 1e9,
        },
        work,
      ),
    };
  },
});

/** Of the one level that it reads. */
export function pyramidShape(
  { pyramidLevels, stacks, kernel }: PyramidflowPreset,
  levels: readonly FeatureLevel[],
): PyramidShape {
  const [level] = levels;
  if (level === undefined) throw new Error('PyramidFlow reads one level of features.');
  return { grid: level.grid, channels: level.channels, pyramidLevels, stacks, kernel };
}

/** @throws DomainError when there is more than one level, or its side can't be halved so often. */
function assertHalves(pyramidLevels: number, levels: readonly FeatureLevel[]): void {
  if (levels.length !== 1)
    throw new DomainError(
      'INVALID_INPUT',
      `PyramidFlow reads one feature tap; these are ${levels.length}.`,
      { field: 'featureTaps', fix: 'Name one tap, of stride 4.' },
    );
  const { grid } = levels[0] as FeatureLevel;
  if (grid % 2 ** (pyramidLevels - 1) === 0 && grid >> (pyramidLevels - 1) >= 2) return;
  throw new DomainError(
    'INVALID_INPUT',
    `A pyramid of ${pyramidLevels} levels can't be made of ${grid}×${grid} features: its side is halved ${pyramidLevels - 1} times, to 2 at least.`,
    {
      field: 'settings.pyramidLevels',
      fix: 'Give fewer levels, a larger image size or a tap of stride 4.',
    },
  );
}
