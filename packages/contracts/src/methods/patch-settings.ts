/** @file Settings of methods that look at patches with their neighborhood, all levels joined on the finest grid. */
import { z } from 'zod';
import { setting } from './setting.ts';

const channels = () => z.number().int().min(1).max(8192).nullable();

export const patchSettings = {
  /** `unfold` is as released; `average` is the same pooled to the channels of the feature map, at a fraction of the cost. */
  neighborhood: setting(z.enum(['average', 'unfold']), {
    label: 'Pooling of a patch with its neighbors',
    hint: 'average takes the mean over 3×3 patches. unfold keeps all nine and pools their channels, as published; it costs more.',
    group: 'Patches',
  }),
  levelChannels: setting(channels(), {
    label: 'Channels per level',
    hint: 'Each level is pooled to this many channels; none keeps those of the feature map.',
    group: 'Patches',
  }),
  channels: setting(channels(), {
    label: 'Channels of a patch',
    hint: 'All levels together are pooled to this many channels; none keeps all of them. Time and model size grow with this number.',
    group: 'Patches',
  }),
};

const everySetting = z.object(patchSettings);
export type PatchSettings = Readonly<z.infer<typeof everySetting>>;
