/** @file The settings that every method has: the side of the square that a run brings images to, and the strides of its taps. */
import { z } from 'zod';
import { setting } from './setting.ts';

export const IMAGE_SIZES_PX = [64, 128, 256, 512] as const;

export const imageSizeSetting = setting(z.literal([...IMAGE_SIZES_PX]), {
  label: 'Image size',
  hint: 'Finer places and small defects need more; twice the side takes about four times as long.',
  unit: 'px',
  group: 'Features',
  basic: true,
});

/** @param among What can be chosen, finest first. */
export function stridesSetting<const Stride extends number>(among: readonly Stride[]) {
  return setting(z.array(z.literal([...among])).min(1), {
    label: 'Strides of the feature taps',
    hint: 'Pixels of the resized image per patch, finest first. Named feature taps take their place.',
    unit: 'px',
    group: 'Features',
  });
}
