/** @file InvAD and InvAD-lite (Zhang et al., arXiv 2404.10760) as a definition: settings, presets and cost. */
import { z } from 'zod';
import { levelSizes, levelValues } from '../../training/feature-level.ts';
import { plannedSteps, trainedPart } from '../../training/trained-part.ts';
import {
  batchSizeSetting,
  budgetSettings,
  clipNormSetting,
  keepBestRebuilt,
  mostStepsSetting,
} from '../budget-settings.ts';
import { imageSettings, keptTokens, stridesSetting, wholeImage } from '../image-settings.ts';
import { defineMethod } from '../method.ts';
import type { PresetName } from '../preset.ts';
import { assertHalvingLevels } from '../rd4ad/assert-levels.ts';
import { setting } from '../setting.ts';
import { invadNetwork, invadSize, invadWork } from './network.ts';

const settings = {
  ...imageSettings,
  /** Each twice the one before it. */
  strides: stridesSetting([4, 8, 16, 32]),
  blocks: setting(z.number().int().min(1).max(8), {
    label: 'Blocks of a level',
    hint: 'Of the decoder: 4 in InvAD-lite, 2 in InvAD. Widths are the backbone’s.',
    group: 'Network',
  }),
  ...budgetSettings,
  mostSteps: mostStepsSetting,
  batchSize: batchSizeSetting(2),
  learningRate: setting(z.number().gt(0).max(1), { label: 'Learning rate', group: 'Training' }),
  decay: setting(z.enum(['step', 'cosine']), {
    label: 'Decay of the learning rate',
    hint: 'step: a tenth for the last fifth of the steps, as published; cosine: falls to 0 toward the end.',
    group: 'Training',
  }),
  lossWeight: setting(z.number().gt(0).max(100), {
    label: 'Weight of the loss',
    hint: '5 in InvAD-lite, 1 in InvAD: together with the largest gradient norm.',
    group: 'Training',
  }),
  clipNorm: clipNormSetting,
  keepBest: keepBestRebuilt,
};
const everySetting = z.object(settings);

export type InvadPreset = Readonly<z.infer<typeof everySetting>>;

/** InvAD-lite as ADer has it: 100 epochs, a day on two cores. */
const PAPER: InvadPreset = {
  ...wholeImage(256),
  strides: [4, 8, 16],
  blocks: 4,
  stepsPerCategory: 0,
  passes: 100,
  mostSteps: 1_000_000,
  batchSize: 32,
  learningRate: 4e-3,
  decay: 'step',
  lossWeight: 5,
  clipNorm: 5,
  keepBest: false,
};

/** One block a level, small batches, a falling rate. */
const QUICK: InvadPreset = {
  ...PAPER,
  blocks: 1,
  stepsPerCategory: 60,
  passes: 1,
  batchSize: 8,
  decay: 'cosine',
  keepBest: true,
};

const presets: Readonly<Record<PresetName, InvadPreset>> = {
  paper: PAPER,
  quick: QUICK,
  /** Half the side: a quarter of the work, in training and when it answers. */
  edge: { ...QUICK, imageSizePx: 128 },
  tiny: { ...QUICK, imageSizePx: 128, stepsPerCategory: 40 },
};

/** As RD4AD’s: seconds of two cores for 10⁹ multiplications of a training step, and for 10⁶ parameters. */
const STEP_SECONDS = 0.02;
const PARAMETER_SECONDS = 0.03;
/** Seconds for 10⁹ multiplications of a scored image. */
const SCORE_SECONDS = 0.02;
/** Of the values of its levels, which scoring an image holds. */
const COPIES_OF_VALUES = 8;

export const invad = defineMethod({
  name: 'invad',
  title: 'InvAD',
  about:
    'A decoder that starts from a learned constant rebuilds the backbone’s features, led by a narrow style. Minutes to hours to learn.',
  reconstructs: false,
  crossFits: false,
  tilesAre: 'images',
  settings,
  memory: { of: 'executor', growsWith: ['batchSize', 'imageSizePx', 'blocks'] },
  presets,
  needs: (preset) => keptTokens(preset),
  assertLevels: (_, levels, { given }) => assertHalvingLevels('InvAD', levels, given),
  cost(preset, work) {
    const { levels } = work;
    const { batchSize, steps } = plannedSteps(preset, work);
    const network = invadNetwork(preset, levels);
    const forward = invadWork(network);
    // Forward and both gradients, then the optimizer.
    const stepSeconds =
      (3 * batchSize * forward * STEP_SECONDS) / 1e9 +
      (invadSize(network) * PARAMETER_SECONDS) / 1e6;
    const sizes = levelSizes(levels);
    return {
      scoreSeconds: (forward * SCORE_SECONDS) / 1e9,
      scoreBytes: 4 * COPIES_OF_VALUES * levelValues(levels),
      size: `${preset.blocks}-${sizes}`,
      ...trainedPart(
        {
          part: INVAD_PART,
          key: `invad/${preset.blocks}/${sizes}/${batchSize}`,
          batchSize,
          steps,
          expectedSeconds: steps * stepSeconds,
        },
        work,
      ),
    };
  },
});

/** What progress is told of. */
export const INVAD_PART = 'decoder';
