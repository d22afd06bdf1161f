/** @file STFPM (Wang et al., BMVC 2021, arXiv 2103.04257) as a definition: settings, presets and cost. */
import { z } from 'zod';
import { type FeatureLevel, levelSizes, levelValues } from '../training/feature-level.ts';
import { plannedSteps, trainedPart } from '../training/trained-part.ts';
import {
  batchSizeSetting,
  budgetSettings,
  keepBestSetting,
  mostStepsSetting,
} from './budget-settings.ts';
import { imageSettings, preparedImages, stridesSetting, wholeImage } from './image-settings.ts';
import { defineMethod } from './method.ts';
import type { PresetName } from './preset.ts';
import { setting } from './setting.ts';

const settings = {
  ...imageSettings,
  /** The finest gives the grid of the map. */
  strides: stridesSetting([4, 8, 16, 32]),
  ...budgetSettings,
  mostSteps: mostStepsSetting,
  batchSize: batchSizeSetting(2),
  learningRate: setting(z.number().gt(0).max(10), { label: 'Learning rate', group: 'Training' }),
  keepBest: keepBestSetting(
    'Keeps the student of the epoch in which held-out normal images look most normal, not that of the last step.',
  ),
};
const everySetting = z.object(settings);

export type StfpmPreset = Readonly<z.infer<typeof everySetting>>;

/** As released. */
const PAPER: StfpmPreset = {
  ...wholeImage(256),
  strides: [4, 8, 16],
  stepsPerCategory: 0,
  passes: 100,
  mostSteps: 1_000_000,
  batchSize: 32,
  learningRate: 0.4,
  keepBest: true,
};

/** Small batches and few steps: each costs as much as eight passes of an image through the backbone. */
const QUICK: StfpmPreset = { ...PAPER, batchSize: 8, stepsPerCategory: 60, passes: 1 };

const presets: Readonly<Record<PresetName, StfpmPreset>> = {
  paper: PAPER,
  quick: QUICK,
  /** Half the side: a quarter of the work, in training and when it answers. */
  edge: { ...QUICK, imageSizePx: 128 },
  tiny: { ...QUICK, imageSizePx: 128, stepsPerCategory: 40 },
};

/** Seconds for 10⁹ multiplications of a training step, and of a scored image. */
const STEP_SECONDS = 0.06;
const SCORE_SECONDS = 0.02;

/** Of the values of its levels, which a student holds when it scores an image. */
const COPIES_OF_VALUES = 6;

export const stfpm = defineMethod({
  name: 'stfpm',
  title: 'STFPM',
  about:
    'A student network learns the backbone’s features of normal images and fails on others. Needs a ResNet; minutes to hours to learn.',
  reconstructs: false,
  crossFits: false,
  tilesAre: 'images',
  settings,
  memory: { of: 'executor', growsWith: ['batchSize', 'imageSizePx'] },
  presets,
  needs: ({ strides, keepBest, ...images }) => ({
    ...preparedImages(images),
    labels: 'none',
    heldOut: keepBest,
    input: { kind: 'featuresInStep', strides },
  }),
  cost(preset, work) {
    const { levels } = work;
    const { batchSize, steps } = plannedSteps(preset, work);
    const student = residualWork(levels, preset.imageSizePx);
    // The student forward and both gradients, the teacher forward.
    const step = batchSize * 4 * student;
    const sizes = levelSizes(levels);
    return {
      scoreSeconds: (student * SCORE_SECONDS) / 1e9,
      scoreBytes: 4 * COPIES_OF_VALUES * levelValues(levels),
      size: sizes,
      ...trainedPart(
        {
          part: STFPM_PART,
          key: `stfpm/${preset.imageSizePx}/${sizes}/${batchSize}`,
          batchSize,
          steps,
          expectedSeconds: (steps * step * STEP_SECONDS) / 1e9,
        },
        work,
      ),
    };
  },
});

/** What progress is told of. */
export const STFPM_PART = 'student';

/** Multiplications of a ResNet-18 with these levels for an image: four 3×3 convolutions each, and a 7×7 before them. */
export function residualWork(levels: readonly FeatureLevel[], imageSizePx: number): number {
  const stages = levels.reduce((sum, { grid, channels }) => sum + 36 * (grid * channels) ** 2, 0);
  const finest = Math.min(...levels.map(({ channels }) => channels));
  return stages + (imageSizePx / 2) ** 2 * 147 * finest;
}
