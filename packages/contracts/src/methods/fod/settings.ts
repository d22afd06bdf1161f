/** @file The settings of FOD (Yao et al., ICCV 2023, arXiv 2308.02983). */
import { z } from 'zod';
import {
  batchSizeSetting,
  budgetSettings,
  keepBestRebuilt,
  mostStepsSetting,
  optimizerSettings,
} from '../budget-settings.ts';
import { imageSettings, stridesSetting } from '../image-settings.ts';
import { whiteningSetting } from '../joined-levels.ts';
import { setting } from '../setting.ts';

const count = (max: number) => z.number().int().min(1).max(max);

const network = {
  widthShare: setting(z.number().min(0.05).max(2), {
    label: 'Width',
    hint: 'Of each level’s network, in shares of the channels that it reads.',
    group: 'Network',
  }),
  layers: setting(count(12), { label: 'Layers', group: 'Network' }),
  heads: setting(count(16), { label: 'Heads', group: 'Network' }),
  references: setting(z.number().int().min(0).max(16), {
    label: 'References per category',
    hint: 'Averages of images that are alike, which a patch is compared with; 0 is one average of all images.',
    group: 'Network',
  }),
};

const training = {
  divergence: setting(z.number().min(0).max(10), {
    label: 'Weight of the divergence',
    hint: 'How much training sets attention apart from, or close to, what lies nearby: 0 leaves a reconstruction.',
    group: 'Training',
  }),
  entropy: setting(z.number().min(0).max(10), {
    label: 'Weight of the entropy',
    hint: 'How much attention is spread within an image, and narrowed on the reference.',
    group: 'Training',
  }),
  ...budgetSettings,
  mostSteps: mostStepsSetting,
  batchSize: batchSizeSetting(1),
  ...optimizerSettings,
  cosineDecay: setting(z.boolean(), {
    label: 'Falling learning rate',
    hint: 'By a cosine, to 0 at the end.',
    group: 'Training',
  }),
  keepBest: keepBestRebuilt,
};

export const fodSettings = {
  ...imageSettings,
  strides: stridesSetting([4, 8, 16, 32]),
  whitening: whiteningSetting,
  ...network,
  ...training,
  score: setting(z.enum(['both', 'reconstruction']), {
    label: 'Score',
    hint: 'both: the error of the reconstruction times how attention to the reference departs from what lies nearby, as published; reconstruction: the error alone.',
    group: 'Score',
  }),
};

const everySetting = z.object(fodSettings);
export type FodPreset = Readonly<z.infer<typeof everySetting>>;
