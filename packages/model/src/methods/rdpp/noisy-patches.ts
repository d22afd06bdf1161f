/** @file What a step of RD++ is fed: images, and the same images with a patch of noise. N images, S pixels a side. */
import { IMAGENET_COLORS, type TensorMap } from '@plumbline/contracts';
import type { RandomStream } from '../../nn/random.ts';
import { float32 } from '../../onnx/index.ts';
import type { Streams } from '../../training/streams.ts';
import type { Draw } from '../../training/trainable.ts';
import type { ImageSource } from '../method.ts';
import { fractalNoise, latticeOrder } from './simplex-noise.ts';

/** As released: of colors from 0 to 1. */
const STRENGTH = 0.2;
const SMALLEST_PX = 10;
/** The largest patch has this share of a side. */
const LARGEST_SHARE = 1 / 8;

export interface PatchOptions {
  readonly images: ImageSource;
  readonly batchSize: number;
  readonly side: number;
  readonly random: Streams;
}

/** `pixels` f32 `[2N, 3, S, S]`: N images, then the same with noise. The array stays the same from step to step. */
export function patchFeeds({ images, batchSize, side, random }: PatchOptions) {
  const most = Math.floor(side * LARGEST_SHARE);
  // One field for the whole fit, as released: each patch is its corner.
  const noise = fractalNoise(latticeOrder(random('noise')), most);
  const size = 3 * side ** 2;
  const pixels = new Float32Array(2 * batchSize * size);
  const [clean, noisy] = [pixels.subarray(0, batchSize * size), pixels.subarray(batchSize * size)];
  return async ({ images: drawn, random: streamOf }: Draw): Promise<TensorMap> => {
    await images.read(drawn, clean);
    noisy.set(clean);
    const places = streamOf('patches');
    for (let slot = 0; slot < batchSize; slot++)
      addPatch(noisy.subarray(slot * size, (slot + 1) * size), side, noise, places);
    return { pixels: float32([2 * batchSize, 3, side, side], pixels) };
  };
}

/** @param image f32 `[3, S, S]`, normalized; changed. @param noise f32 `[3, most, most]`. */
export function addPatch(
  image: Float32Array,
  side: number,
  noise: Float32Array,
  random: RandomStream,
): void {
  const most = Math.sqrt(noise.length / 3);
  const least = Math.min(SMALLEST_PX, most - 1);
  const length = () => least + random.nextInteger(most - least);
  const [height, width] = [length(), length()];
  const top = 1 + random.nextInteger(side - height - 1);
  const left = 1 + random.nextInteger(side - width - 1);
  for (const [channel, std] of IMAGENET_COLORS.std.entries())
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        image[(channel * side + top + y) * side + left + x]! +=
          (STRENGTH / std) * noise[(channel * most + y) * most + x]!;
}
