/** @file The settings of UniAD (You et al., NeurIPS 2022, arXiv 2206.03687), with the switches that make it like ADTR. */
import { z } from 'zod';
import {
  batchSizeSetting,
  budgetSettings,
  keepBestSetting,
  mostStepsSetting,
  optimizerSettings,
} from '../budget-settings.ts';
import { imageSettings, stridesSetting } from '../image-settings.ts';
import { gridSetting, whiteningSetting } from '../joined-levels.ts';
import { setting } from '../setting.ts';

const count = (max: number) => z.number().int().min(1).max(max);

/** Sides of the neighborhood that a patch may not look at; 0 for none. */
const NEIGHBORHOODS = [0, 3, 5, 7, 9, 11] as const;

const features = {
  ...imageSettings,
  strides: stridesSetting([2, 4, 8, 16, 32]),
  grid: gridSetting,
  whitening: whiteningSetting,
};

const network = {
  width: setting(count(2048).multipleOf(2), {
    label: 'Width',
    hint: 'A multiple of the number of heads, too.',
    group: 'Network',
  }),
  layers: setting(count(12), {
    label: 'Layers',
    hint: 'Of the encoder, and as many of the decoder.',
    group: 'Network',
  }),
  heads: setting(count(16), { label: 'Heads', group: 'Network' }),
  hidden: setting(count(8192), { label: 'Width of the feed-forward layers', group: 'Network' }),
  neighborMask: setting(z.literal([...NEIGHBORHOODS]), {
    label: 'Neighbor mask',
    hint: 'Side of the neighborhood that a patch can’t look at, so that it can’t copy itself; 0 lets it see everything.',
    unit: 'patches',
    group: 'Network',
  }),
  queries: setting(z.enum(['layers', 'input']), {
    label: 'Queries of the decoder',
    hint: 'layers: each layer of the decoder starts from queries of its own, as UniAD; input: one set of queries goes through all layers, as in ADTR.',
    group: 'Network',
  }),
};

const training = {
  dropout: setting(z.number().min(0).max(0.9), {
    label: 'Dropout',
    hint: 'Share of attention weights and activations that a training step leaves out.',
    group: 'Training',
  }),
  jitterScale: setting(z.number().min(0).max(100), {
    label: 'Jitter scale',
    hint: 'How much noise the features get in training; 0 for none.',
    group: 'Training',
  }),
  jitterProbability: setting(z.number().min(0).max(1), {
    label: 'Jittered share',
    hint: 'Share of the batches that are jittered.',
    group: 'Training',
  }),
  ...budgetSettings,
  mostSteps: mostStepsSetting,
  batchSize: batchSizeSetting(1),
  ...optimizerSettings,
  decay: setting(z.enum(['step', 'cosine']), {
    label: 'Decay of the learning rate',
    hint: 'step: a tenth for the last fifth of the steps, as released; cosine: falls to 0 toward the end.',
    group: 'Training',
  }),
  keepBest: keepBestSetting(
    'Keeps the network of the epoch that rebuilds held-out normal images best, not that of the last step.',
  ),
};

export const uniadSettings = { ...features, ...network, ...training };

const everySetting = z.object(uniadSettings);
export type UniadPreset = Readonly<z.infer<typeof everySetting>>;
