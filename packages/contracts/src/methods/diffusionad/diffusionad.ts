/** @file DiffusionAD (Zhang et al. 2023, arXiv 2303.08730) as a definition: settings, presets and cost. */
import { z } from 'zod';
import { unetScoreBytes } from '../draem/network.ts';
import {
  pixelCost,
  pixelMethod,
  pixelNeeds,
  pixelPresets,
  pixelTrainingSettings,
  RELEASED_PIXELS,
} from '../draem/pixel-networks.ts';
import { texturesSetting } from '../draem/textures-setting.ts';
import { imageSettings } from '../image-settings.ts';
import { defineMethod } from '../method.ts';
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
  ...pixelTrainingSettings,
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
  ...RELEASED_PIXELS,
  passes: 3000,
  batchSize: 16,
  separatingLearningRate: 1e-5,
};

/** What progress is told of. */
export const DIFFUSIONAD_PART = 'denoising and separating networks';

export const diffusionad = defineMethod({
  ...pixelMethod,
  name: 'diffusionad',
  title: 'DiffusionAD',
  about:
    'Takes noise away from an image in one step of a diffusion network, and outlines what changed. Learns from made-up defects, without features. As published it needs a graphics card and hours to days.',
  settings,
  presets: pixelPresets(PAPER, { separatingLearningRate: 1e-3 }),
  needs: (preset) => pixelNeeds(preset),
  cost(preset, work) {
    const { imageSizePx, width } = preset;
    return pixelCost(
      preset,
      {
        ...{ method: 'diffusionad', part: DIFFUSIONAD_PART },
        forward: diffusionWork(diffusionNetwork(width, imageSizePx), imageSizePx),
        // The denoiser sees each image with little and with much noise.
        scoreBytes: 2 * unetScoreBytes(width, imageSizePx),
      },
      work,
    );
  },
});
