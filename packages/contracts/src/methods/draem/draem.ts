/** @file DRAEM (Zavrtanik et al., ICCV 2021, arXiv 2108.07610) as a definition: settings, presets and cost. */
import { z } from 'zod';
import { imageSettings } from '../image-settings.ts';
import { defineMethod } from '../method.ts';
import { setting } from '../setting.ts';
import { draemNetwork, draemWork, unetScoreBytes } from './network.ts';
import {
  pixelCost,
  pixelMethod,
  pixelNeeds,
  pixelPresets,
  pixelTrainingSettings,
  RELEASED_PIXELS,
} from './pixel-networks.ts';
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
  ...pixelTrainingSettings,
  learningRate: setting(z.number().gt(0).max(1), {
    label: 'Learning rate',
    hint: 'A fifth of it from 80 % of the steps on, and a fifth of that from 90 %.',
    group: 'Training',
  }),
};
const everySetting = z.object(settings);

export type DraemPreset = Readonly<z.infer<typeof everySetting>>;

/** As released, but for the textures. */
const PAPER: DraemPreset = { ...RELEASED_PIXELS, passes: 700, batchSize: 8 };

/** What progress is told of. */
export const DRAEM_PART = 'networks';

export const draem = defineMethod({
  ...pixelMethod,
  name: 'draem',
  title: 'DRAEM',
  about:
    'Learns to undo and to outline made-up defects in the image itself, without features. Needs long training on a GPU: minutes on a processor are too few.',
  settings,
  presets: pixelPresets(PAPER),
  needs: (preset) => pixelNeeds(preset),
  cost(preset, work) {
    const { imageSizePx, width } = preset;
    return pixelCost(
      preset,
      {
        ...{ method: 'draem', part: DRAEM_PART },
        forward: draemWork(draemNetwork(width), imageSizePx),
        scoreBytes: unetScoreBytes(width, imageSizePx),
      },
      work,
    );
  },
});
