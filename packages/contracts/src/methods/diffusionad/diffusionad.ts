/** @file DiffusionAD (Zhang et al. 2023, arXiv 2303.08730) as a definition: settings, presets and cost. */
import { z } from 'zod';
import { plannedSteps, trainedPart } from '../../training/trained-part.ts';
import { batchSizeSetting, budgetSettings, mostStepsSetting } from '../budget-settings.ts';
import { unetScoreBytes } from '../draem/network.ts';
import { texturesSetting } from '../draem/textures-setting.ts';
import { imageSettings, preparedImages, wholeImage } from '../image-settings.ts';
import { defineMethod } from '../method.ts';
import type { PresetName } from '../preset.ts';
import { setting } from '../setting.ts';
import { diffusionNetwork, diffusionWork } from './network.ts';

const rate = () => z.number().gt(0).max(1);

const settings = {
  ...imageSettings,
  width: setting(z.number().int().min(8).max(256).multipleOf(8), {
    label: 'Width',
    hint: 'Channels of the first level of the denoising network; the separating network begins with half of them. Time grows with its square.',
    unit: 'channels',
    group: 'Network',
  }),
  textures: texturesSetting('the image itself, its rows and columns shuffled'),
  ...budgetSettings,
  mostSteps: mostStepsSetting,
  batchSize: batchSizeSetting(2),
  learningRate: setting(rate(), {
    label: 'Learning rate',
    hint: 'Of the denoising network.',
    group: 'Training',
  }),
  separatingLearningRate: setting(rate(), {
    label: 'Learning rate of the separating network',
    hint: 'It falls to 0 by a cosine and rises again, every 20 steps.',
    group: 'Training',
  }),
};
const everySetting = z.object(settings);

export type DiffusionadPreset = Readonly<z.infer<typeof everySetting>>;

/** As released, but for textures and the foreground. */
const PAPER: DiffusionadPreset = {
  ...wholeImage(256),
  width: 128,
  textures: 'mixed',
  stepsPerCategory: 0,
  passes: 3000,
  mostSteps: 1_000_000,
  batchSize: 16,
  learningRate: 1e-4,
  separatingLearningRate: 1e-5,
};

/** A quarter of the width and half the side, with faster rates for few steps. */
const QUICK: DiffusionadPreset = {
  ...PAPER,
  ...{ imageSizePx: 128, width: 32, batchSize: 4 },
  ...{ learningRate: 1e-3, separatingLearningRate: 1e-3 },
  ...{ stepsPerCategory: 200, passes: 2 },
};

const presets: Readonly<Record<PresetName, DiffusionadPreset>> = {
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
export const DIFFUSIONAD_PART = 'denoising and separating networks';

/** Taps that only say an image's category: the networks see pixels. */
const DESCRIPTOR_STRIDES = [8, 16];

export const diffusionad = defineMethod({
  name: 'diffusionad',
  title: 'DiffusionAD',
  about:
    'Takes noise away from an image in one step of a diffusion network, and outlines what changed. Learns from made-up defects, without features. As published it needs a graphics card and hours to days.',
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
    const forward = diffusionWork(diffusionNetwork(width, imageSizePx), imageSizePx);
    const size = `${imageSizePx}/${width}`;
    return {
      scoreSeconds: (forward * SCORE_SECONDS) / 1e9,
      // The denoiser sees each image with little and with much noise.
      scoreBytes: 2 * unetScoreBytes(width, imageSizePx),
      size,
      ...trainedPart(
        {
          part: DIFFUSIONAD_PART,
          key: `diffusionad/${size}/${batchSize}`,
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
