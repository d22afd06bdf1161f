/** @file RD++ (Tran Dinh et al., CVPR 2023) as a definition: RD4AD with projections, trained with noisy patches. */
import { z } from 'zod';
import { levelSizes, levelValues } from '../../training/feature-level.ts';
import { plannedSteps, trainedPart } from '../../training/trained-part.ts';
import {
  batchSizeSetting,
  budgetSettings,
  clipNormSetting,
  mostStepsSetting,
} from '../budget-settings.ts';
import { imageSettings, preparedImages, stridesSetting, wholeImage } from '../image-settings.ts';
import { defineMethod } from '../method.ts';
import type { PresetName } from '../preset.ts';
import { assertHalvingLevels } from '../rd4ad/assert-levels.ts';
import { REVERSED_NETWORKS, reverseNetwork, reverseSize, reverseWork } from '../rd4ad/network.ts';
import { setting } from '../setting.ts';
import { residualWork } from '../stfpm.ts';
import { projectionSize, projectionWork } from './projections.ts';

const settings = {
  ...imageSettings,
  /** Each twice the one before it. */
  strides: stridesSetting([4, 8, 16, 32]),
  network: setting(z.enum(REVERSED_NETWORKS), {
    label: 'Reversed network',
    hint: 'Whose blocks the network has that rebuilds the features. The wide ones are as published, and for a graphics card.',
    group: 'Network',
  }),
  ...budgetSettings,
  mostSteps: mostStepsSetting,
  batchSize: batchSizeSetting(2),
  learningRate: setting(z.number().gt(0).max(1), {
    label: 'Learning rate',
    hint: 'Of the reversed network; a tenth of it from 80 % of the steps on.',
    group: 'Training',
  }),
  projectionLearningRate: setting(z.number().gt(0).max(1), {
    label: 'Learning rate of the projections',
    hint: 'A tenth of it from 80 % of the steps on.',
    group: 'Training',
  }),
  clipNorm: clipNormSetting,
};
const everySetting = z.object(settings);

export type RdppPreset = Readonly<z.infer<typeof everySetting>>;

/** As released; passes and the fall of the rates as in ADer, since the released epochs were chosen by category on the test images. */
const PAPER: RdppPreset = {
  ...wholeImage(256),
  strides: [4, 8, 16],
  network: 'wideResnet50',
  stepsPerCategory: 0,
  passes: 100,
  mostSteps: 1_000_000,
  batchSize: 16,
  learningRate: 5e-3,
  projectionLearningRate: 1e-3,
  clipNorm: null,
};

/** Basic blocks, small batches, and gradients bounded as in ADer. */
const QUICK: RdppPreset = {
  ...PAPER,
  network: 'resnet18',
  stepsPerCategory: 60,
  passes: 1,
  batchSize: 8,
  clipNorm: 5,
};

const presets: Readonly<Record<PresetName, RdppPreset>> = {
  paper: PAPER,
  quick: QUICK,
  /** Half the side: a quarter of the work, in training and when it answers. */
  edge: { ...QUICK, imageSizePx: 128 },
  tiny: { ...QUICK, imageSizePx: 128, stepsPerCategory: 40 },
};

/** As of RD4AD, seconds for 10⁹ multiplications of a step and for 10⁶ parameters, and for 10⁹ of a scored image. */
const STEP_SECONDS = 0.014;
const PARAMETER_SECONDS = 0.03;
const SCORE_SECONDS = 0.02;
/** Of the values of its levels, which scoring an image holds. */
const COPIES_OF_VALUES = 8;

/** What progress is told of. */
export const RDPP_PART = 'projections and reversed network';

export const rdpp = defineMethod({
  name: 'rdpp',
  title: 'RD++',
  about:
    'RD4AD with features that are first projected, by what it learns from noisy patches in the images. As published it needs a graphics card and hours.',
  reconstructs: false,
  crossFits: false,
  tilesAre: 'images',
  settings,
  memory: { of: 'executor', growsWith: ['batchSize', 'imageSizePx', 'network'] },
  presets,
  needs: ({ strides, ...preset }) => ({
    ...preparedImages(preset),
    labels: 'none',
    heldOut: false,
    input: { kind: 'featuresInStep', strides },
  }),
  assertLevels: (_, levels, { given }) => assertHalvingLevels('RD++', levels, given),
  cost(preset, work) {
    const { levels } = work;
    const { batchSize, steps } = plannedSteps(preset, work);
    const network = reverseNetwork(preset.network, levels);
    const [projected, rebuilt] = [projectionWork(levels), reverseWork(network)];
    // Each with both gradients; projections and backbone see the image with its noise as well.
    const image = 3 * rebuilt + 6 * projected + 2 * residualWork(levels, preset.imageSizePx);
    const parameters = reverseSize(network) + projectionSize(levels);
    const stepSeconds =
      (batchSize * image * STEP_SECONDS) / 1e9 + (parameters * PARAMETER_SECONDS) / 1e6;
    const sizes = levelSizes(levels);
    return {
      scoreSeconds: ((rebuilt + projected) * SCORE_SECONDS) / 1e9,
      scoreBytes: 4 * COPIES_OF_VALUES * levelValues(levels),
      size: `${preset.network}-${sizes}`,
      ...trainedPart(
        {
          part: RDPP_PART,
          key: `rdpp/${preset.network}/${preset.imageSizePx}/${sizes}/${batchSize}`,
          batchSize,
          steps,
          expectedSeconds: steps * stepSeconds,
        },
        work,
      ),
    };
  },
});
