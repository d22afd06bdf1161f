/** @file The settings of INP-Former (Luo et al., CVPR 2025, arXiv 2503.02424). */
import { z } from 'zod';
import { mapTrainingSettings } from '../map-presets.ts';
import { decoderSettings, middleMapSettings } from '../middle-maps.ts';
import { setting } from '../setting.ts';

export const inpFormerSettings = {
  ...middleMapSettings,
  prototypes: setting(z.number().int().min(1).max(256), {
    label: 'Prototypes',
    hint: 'Of an image, drawn from its own patches: all that the decoder rebuilds it of.',
    group: 'Network',
  }),
  ...decoderSettings,
  coherence: setting(z.number().min(0).max(10), {
    label: 'Weight of coherence',
    hint: 'How much training draws the patches of an image to its prototypes.',
    group: 'Training',
  }),
  miningPower: setting(z.number().min(0).max(10), {
    label: 'Power of mining',
    hint: 'A patch’s gradient counts by its distance to this power, in units of the batch’s mean; 0 counts all alike.',
    group: 'Training',
  }),
  ...mapTrainingSettings,
};

const everySetting = z.object(inpFormerSettings);
export type InpFormerPreset = Readonly<z.infer<typeof everySetting>>;
