/** @file What made-up defects are filled with, as a setting. */
import { z } from 'zod';
import { setting } from '../setting.ts';

/** @param images What `images` cuts textures from. */
export function texturesSetting(images: string) {
  return setting(z.enum(['mixed', 'drawn', 'images']), {
    label: 'Textures of made-up defects',
    hint: `drawn: noise, stripes, checks and cells; images: ${images}; or mixed.`,
    group: 'Training',
  });
}
