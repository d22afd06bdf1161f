/** @file RD4AD, reverse distillation (Deng and Li, CVPR 2022, arXiv 2201.10703) as a definition: settings, presets and cost. */
import { z } from 'zod';
import { levelSizes, levelValues } from '../../training/feature-level.ts';
import { plannedSteps, trainedPart } from '../../training/trained-part.ts';
import {
  batchSizeSetting,
  budgetSettings,
  keepBestSetting,
  mostStepsSetting,
} from '../budget-settings.ts';
import { imageSettings, keptTokens, stridesSetting, wholeImage } from '../image-settings.ts';
import { defineMethod } from '../method.ts';
import type { PresetName } from '../preset.ts';
import { setting } from '../setting.ts';
import { assertHalvingLevels } from './assert-levels.ts';
import { REVERSED_NETWORKS, reverseNetwork, reverseSize, reverseWork } from './network.ts';

const settings = {
  ...imageSettings,
  /** Each twice the one before it. */
  strides: stridesSetting([4, 8, 16, 32]),
  network: setting(z.enum(REVERSED_NETWORKS), {
    label: 'Reversed network',
    hint: 'Whose blocks the network has that rebuilds the features; its channels are the backbone’s. The wide ones are as published, and for a graphics card.',
    group: 'Network',
  }),
  ...budgetSettings,
  mostSteps: mostStepsSetting,
  batchSize: batchSizeSetting(2),
  learningRate: setting(z.number().gt(0).max(1), { label: 'Learning rate', group: 'Training' }),
  clipNorm: setting(z.number().gt(0).max(1000).nullable(), {
    label: 'Largest gradient norm',
    hint: 'Longer gradients are shortened to it, so that training does not diverge; none leaves them as they are.',
    group: 'Training',
  }),
  keepBest: keepBestSetting(
    'Keeps the network that rebuilt held-out normal images best, not that of the last step.',
  ),
};
const everySetting = z.object(settings);

export type Rd4adPreset = Readonly<z.infer<typeof everySetting>>;

/** As released. */
const PAPER: Rd4adPreset = {
  ...wholeImage(256),
  strides: [4, 8, 16],
  network: 'wideResnet50',
  stepsPerCategory: 0,
  passes: 200,
  mostSteps: 1_000_000,
  batchSize: 16,
  learningRate: 5e-3,
  clipNorm: null,
  keepBest: false,
};

/** Basic blocks, small batches, and gradients bounded as in the ADer benchmark: the released rate diverges with some seeds. */
const QUICK: Rd4adPreset = {
  ...PAPER,
  network: 'resnet18',
  stepsPerCategory: 60,
  passes: 1,
  batchSize: 8,
  clipNorm: 5,
  keepBest: true,
};

const presets: Readonly<Record<PresetName, Rd4adPreset>> = {
  paper: PAPER,
  quick: QUICK,
  /** Half the side: a quarter of the work, in training and when it answers. */
  edge: { ...QUICK, imageSizePx: 128 },
  tiny: { ...QUICK, imageSizePx: 128, stepsPerCategory: 40 },
};

/**
 * Seconds for 10⁹ multiplications of a training step, and for 10⁶ parameters, which Adam follows whatever the images:
 * measured on one core (0.0245, 0.041: 2.1 s a step of 8 images of 256 px, 1.0 s of 128 px), for the two that a run has.
 */
const STEP_SECONDS = 0.014;
const PARAMETER_SECONDS = 0.03;
/** Seconds for 10⁹ multiplications of a scored image. */
const SCORE_SECONDS = 0.02;
/** Of the values of its levels, which scoring an image holds. */
const COPIES_OF_VALUES = 6;

export const rd4ad = defineMethod({
  name: 'rd4ad',
  title: 'RD4AD',
  about:
    'A reversed network rebuilds the backbone’s features from a narrow embedding, and fails where an image is not normal. Minutes to hours to learn.',
  reconstructs: false,
  crossFits: false,
  tilesAre: 'images',
  settings,
  memory: { of: 'executor', growsWith: ['batchSize', 'imageSizePx', 'network'] },
  presets,
  needs: (settings) => keptTokens(settings),
  assertLevels: (_, levels, { given }) => assertHalvingLevels('RD4AD', levels, given),
  cost(preset, work) {
    const { levels } = work;
    const { batchSize, steps } = plannedSteps(preset, work);
    const network = reverseNetwork(preset.network, levels);
    const forward = reverseWork(network);
    // Forward and both gradients, then the optimizer.
    const stepSeconds =
      (3 * batchSize * forward * STEP_SECONDS) / 1e9 +
      (reverseSize(network) * PARAMETER_SECONDS) / 1e6;
    const sizes = levelSizes(levels);
    const values = levelValues(levels);
    return {
      scoreSeconds: (forward * SCORE_SECONDS) / 1e9,
      scoreBytes: 4 * COPIES_OF_VALUES * values,
      size: `${preset.network}-${sizes}`,
      ...trainedPart(
        {
          part: RD4AD_PART,
          key: `rd4ad/${preset.network}/${sizes}/${batchSize}`,
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
export const RD4AD_PART = 'reversed network';
