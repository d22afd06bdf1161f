/** @file For tests of methods that are fitted to images: pictures that a formula makes, and the options of a fit to them. */
import type { Executor } from '@plumbline/contracts';
import { NO_CHECKPOINTS } from '../training/fit-state.ts';
import type { ImageFitOptions, ImageSource } from './method.ts';
import { SMALL_TAPS, smallBackbone } from './stfpm/small-resnet.ts';

/** Waves that differ in length and place, f32 `[3, side, side]`. */
export function waveImage(image: number, side: number): Float32Array {
  return Float32Array.from({ length: 3 * side ** 2 }, (_, i) => {
    const [x, y] = [i % side, Math.floor(i / side) % side];
    return Math.sin(x / (3 + (image % 4)) + image) * Math.cos(y / 5 + image / 3);
  });
}

/** @param first Which image is the first of them. */
function waveImages(side: number, count: number, first = 0): ImageSource {
  return {
    count,
    read: async (images, out) => {
      for (const [slot, image] of images.entries())
        out.set(waveImage(first + image, side), slot * 3 * side ** 2);
    },
  };
}

/** A fit to 16 images of two categories, with six held out, and the small ResNet. */
export function imageFit(
  executor: Executor,
  side: number,
  extra: Partial<ImageFitOptions> = {},
): ImageFitOptions {
  return {
    ...{ preset: 'tiny', seed: 3, executor, categories: 2 },
    levels: SMALL_TAPS.map(({ name, channels, stride }) => ({
      ...{ tap: name, channels, grid: side / stride },
    })),
    backbone: smallBackbone(),
    images: waveImages(side, 16),
    heldOut: waveImages(side, 6, 100),
    checkpoints: NO_CHECKPOINTS,
    onProgress: () => {},
    ...extra,
  };
}
