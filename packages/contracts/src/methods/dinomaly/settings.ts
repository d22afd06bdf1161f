/** @file The settings of Dinomaly (Guo et al., CVPR 2025, arXiv 2405.14325). */
import { z } from 'zod';
import { mapTrainingSettings } from '../map-presets.ts';
import { decoderSettings, middleMapSettings } from '../middle-maps.ts';
import { setting } from '../setting.ts';

const share = () => z.number().min(0).max(1);

const training = {
  dropout: setting(z.number().min(0).max(0.9), {
    label: 'Dropout of the bottleneck',
    hint: 'Share of its input, hidden layer and output that a training step leaves out: all the noise that there is.',
    group: 'Training',
  }),
  easyShare: setting(share(), {
    label: 'Easy patches',
    hint: 'Share of the patches of a batch, those that are rebuilt best, whose gradient is damped.',
    group: 'Training',
  }),
  easyWeight: setting(share(), {
    label: 'Weight of easy patches',
    hint: 'What their gradient is multiplied with; 1 damps nothing.',
    group: 'Training',
  }),
  easySteps: setting(z.number().int().min(1).max(1_000_000), {
    label: 'Steps until then',
    hint: 'In which the share of easy patches grows from 0.',
    group: 'Training',
  }),
  ...mapTrainingSettings,
};

export const dinomalySettings = {
  ...middleMapSettings,
  firstTokens: setting(z.enum(['keep', 'drop', 'recenter']), {
    label: 'Class and register tokens',
    hint: 'Of a vision transformer. keep: they go through the network beside the patches, as published; drop: they don’t; recenter: the class token is subtracted from the patches of its block, as in Dinomaly2.',
    group: 'Features',
  }),
  ...decoderSettings,
  ...training,
};

const everySetting = z.object(dinomalySettings);
export type DinomalyPreset = Readonly<z.infer<typeof everySetting>>;
