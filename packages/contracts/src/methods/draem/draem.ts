/** @file DRAEM (Zavrtanik et al., ICCV 2021, arXiv 2108.07610) as a definition: settings, presets and cost. */
import { z } from 'zod';
import { plannedSteps, trainedPart } from '../../training/trained-part.ts';
import { batchSizeSetting, budgetSettings, mostStepsSetting } from '../budget-settings.ts';
import { imageSettings, preparedImages, wholeImage } from '../image-settings.ts';
import { defineMethod } from '../method.ts';
import type { PresetName } from '../preset.ts';
import { setting } from '../setting.ts';
import { draemNetwork, draemWork, unetScoreBytes } from './network.ts';
import { texturesSetting } from './textures-setting.ts';

const settings = {
  ...imageSettings,
  width: setting(z.number().int().min(2).max(256).multipleOf(2), {
    label: 'Width',
    hint: 'Channels of the first block of the rebuilding network; the separating network has half of them. Time grows with its square.',
    unit: 'channels',
    group: 'Network',
  }),
  textures: texturesSetting('other training images, cut and shuffled'),
  ...budgetSettings,
  mostSteps: mostStepsSetting,
  batchSize: batchSizeSetting(2),
  learningRate: setting(z.number().gt(0).max(1), {
    label: 'Learning rate',
    hint: 'A fifth of it from 80 % of the steps on, and a fifth of that from 90 %.',
    group: 'Training',
  }),
};
const everySetting = z.object(settings);

export type DraemPreset = Readonly<z.infer<typeof everySetting>>;

/** As released, but for the textures. */
const PAPER: DraemPreset = {
  ...wholeImage(256),
  width: 128,
  textures: 'mixed',
  stepsPerCategory: 0,
  passes: 700,
  mostSteps: 1_000_000,
  batchSize: 8,
  learningRate: 1e-4,
};

/** A quarter of the width and half the side: a sixty-fourth of the work per image. */
const QUICK: DraemPreset = {
  ...PAPER,
  ...{ imageSizePx: 128, width: 32, batchSize: 4, learningRate: 1e-3 },
  ...{ stepsPerCategory: 200, passes: 2 },
};

const presets: Readonly<Record<PresetName, DraemPreset>> = {
  paper: PAPER,
  quick: QUICK,
  /** An eighth of the width: a quarter of the time of an answer. */
  edge: { ...QUICK, width: 16 },
  tiny: { ...QUICK, width: 16, stepsPerCategory: 50, passes: 1 },
};

/** Seconds for 10⁹ multiplications of a training step, and of a scored image. */
const STEP_SECONDS = 0.03;
const SCORE_SECONDS = 0.02;

/** What progress is told of. */
export const DRAEM_PART = 'networks';

/** Taps that only say an image's category: the networks see pixels. */
const DESCRIPTOR_STRIDES = [8, 16];

export const draem = defineMethod({
  name: 'draem',
  title: 'DRAEM',
  about:
    'Learns to undo and to outline made-up defects in the image itself, without features. Needs long training on a GPU: minutes on a processor are too few.',
  reconstructs: false,
  crossFits: false,
  tilesAre: 'images',
  settings,
  memory: { of: 'executor', growsWith: ['batchSize', 'imageSizePx', 'width'] },
  presets,
  needs: (preset) => ({
    ...preparedImages(preset),
    labels: 'none',
    heldOut: false,
    input: { kind: 'featuresInStep', strides: DESCRIPTOR_STRIDES },
  }),
  cost(preset, work) {
    const { imageSizePx, width } = preset;
    const { batchSize, steps } = plannedSteps(preset, work);
    const network = draemNetwork(width);
    const forward = draemWork(network, imageSizePx);
    const size = `${imageSizePx}/${width}`;
    return {
      scoreSeconds: (forward * SCORE_SECONDS) / 1e9,
      scoreBytes: unetScoreBytes(width, imageSizePx),
      size,
      ...trainedPart(
        {
          part: DRAEM_PART,
          key: `draem/${size}/${batchSize}`,
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
