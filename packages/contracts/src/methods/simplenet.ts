/** @file SimpleNet (Liu et al., CVPR 2023, arXiv 2303.15140) as a definition: settings, presets and cost. */
import { z } from 'zod';
import { embeddingOf } from '../training/feature-level.ts';
import { type BudgetedTraining, batchedSteps } from '../training/step-budget.ts';
import { trainedPart } from '../training/trained-part.ts';
import { budgetSettings, mostStepsSetting } from './budget-settings.ts';
import {
  imageSettings,
  preparedImages,
  rotationSettings,
  stridesSetting,
  wholeImage,
} from './image-settings.ts';
import { defineMethod } from './method.ts';
import { patchSettings } from './patch-settings.ts';
import type { PresetName } from './preset.ts';
import { setting } from './setting.ts';

const count = (max: number) => z.number().int().min(1).max(max);
const rate = () => z.number().gt(0).max(1);

const settings = {
  ...imageSettings,
  ...rotationSettings,
  /** The finest gives the grid of patches. */
  strides: stridesSetting([4, 8, 16, 32]),
  ...patchSettings,
  hidden: setting(count(4096), {
    label: 'Width of the discriminator',
    hint: 'Units of its hidden layer.',
    group: 'Network',
  }),
  noise: setting(z.number().gt(0).max(10), {
    label: 'Noise',
    hint: 'Standard deviation of what is added to normal patches to make anomalous ones. Smaller finds subtler defects and false ones.',
    group: 'Training',
  }),
  ...budgetSettings,
  epochs: setting(count(10_000), {
    label: 'Epochs, at most',
    hint: 'How often training sees every image, at most: few images are soon learned.',
    group: 'Training',
  }),
  mostSteps: mostStepsSetting,
  batchSize: setting(count(256), { label: 'Batch size', unit: 'images', group: 'Training' }),
  adaptorRate: setting(rate(), { label: 'Learning rate of the adaptor', group: 'Training' }),
  discriminatorRate: setting(rate(), {
    label: 'Learning rate of the discriminator',
    group: 'Training',
  }),
  earlyStopping: setting(z.boolean(), {
    label: 'Early stopping',
    hint: 'Ends training when normal and noisy patches of held-out images are no longer told apart better.',
    group: 'Training',
  }),
};
const everySetting = z.object(settings);

export type SimpleNetPreset = Readonly<z.infer<typeof everySetting>>;

/** As released, but for images of 256 px and the end: held-out images decide on it, never the test split. */
const PAPER: SimpleNetPreset = {
  ...wholeImage(256),
  rotations: 1,
  strides: [8, 16],
  neighborhood: 'unfold',
  levelChannels: 1536,
  channels: 1536,
  hidden: 1024,
  noise: 0.015,
  stepsPerCategory: 0,
  passes: 160,
  epochs: 160,
  mostSteps: 1_000_000,
  batchSize: 8,
  adaptorRate: 1e-4,
  discriminatorRate: 2e-4,
  earlyStopping: true,
};

/**
 * Minutes in place of hours: the channels of the feature maps, ten times the learning rates, and so much more noise that
 * it is told apart within hundreds of steps. With 0.1 it is not, README.md of the method.
 */
const QUICK: SimpleNetPreset = {
  ...PAPER,
  neighborhood: 'average',
  levelChannels: null,
  channels: null,
  hidden: 512,
  noise: 0.3,
  stepsPerCategory: 100,
  passes: 1,
  epochs: 40,
  adaptorRate: 1e-3,
  discriminatorRate: 2e-3,
};

const presets: Readonly<Record<PresetName, SimpleNetPreset>> = {
  paper: PAPER,
  quick: QUICK,
  /** The coarse grid alone: a quarter of the patches. */
  edge: { ...QUICK, strides: [16], hidden: 256 },
  tiny: { ...QUICK, imageSizePx: 128, hidden: 256, stepsPerCategory: 70 },
};

/** Seconds for 10⁹ multiplications of a training step, and of a scored patch. */
const STEP_SECONDS = 0.02;
const SCORE_SECONDS = 0.02;

export const simplenet = defineMethod({
  name: 'simplenet',
  title: 'SimpleNet',
  about:
    'A small network that tells normal patches from noisy ones. Fast to answer; minutes to learn.',
  reconstructs: false,
  crossFits: false,
  tilesAre: 'images',
  settings,
  memory: { of: 'executor', growsWith: ['batchSize', 'channels', 'imageSizePx'] },
  presets,
  needs: ({ strides, neighborhood, earlyStopping, ...images }) => ({
    ...preparedImages(images),
    labels: 'none',
    heldOut: earlyStopping,
    input: {
      ...{ kind: 'tokens', strides, access: 'random' },
      averagePool: neighborhood === 'average',
    },
  }),
  cost(preset, work) {
    const { levels, images, categoryImages, maxSteps } = work;
    const { grid, size } = embeddingOf(levels, preset.channels);
    const { hidden, neighborhood } = preset;
    const { batchSize, steps } = simpleNetSteps(preset, {
      ...{ images, categories: categoryImages.length, maxSteps },
    });
    const adaptor = grid ** 2 * size ** 2;
    const discriminator = grid ** 2 * size * hidden;
    // Forward and both gradients; patches go through the discriminator as they are and with noise.
    const step = batchSize * (2 * adaptor + 6 * discriminator);
    return {
      scoreSeconds: ((adaptor + discriminator) * SCORE_SECONDS) / 1e9,
      scoreBytes: 4 * grid ** 2 * (3 * size * (neighborhood === 'unfold' ? 9 : 1) + 2 * hidden),
      size: `${size}-${hidden}`,
      ...trainedPart(
        {
          part: SIMPLENET_PART,
          key: `simplenet/${grid}/${size}/${hidden}/${batchSize}/${neighborhood}`,
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
export const SIMPLENET_PART = 'discriminator';

export function simpleNetSteps(
  preset: SimpleNetPreset,
  training: Omit<BudgetedTraining, 'batchSize'>,
): { batchSize: number; steps: number } {
  const { batchSize, steps } = batchedSteps(preset, training);
  const longest = preset.epochs * Math.ceil(training.images / batchSize);
  return { batchSize, steps: Math.min(steps, longest) };
}
