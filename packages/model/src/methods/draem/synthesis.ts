/** @file Made-up defects in training images (Zavrtanik et al. 2021, section 3.3). N images, S pixels a side, colors 0 to 1. */
import { type DraemPreset, IMAGENET_COLORS, type TensorMap } from '@plumbline/contracts';
import type { RandomStream } from '../../nn/random.ts';
import { float32 } from '../../onnx/index.ts';
import type { Draw } from '../../training/trainable.ts';
import type { ImageSource } from '../method.ts';
import { perlinNoise, turned } from './perlin.ts';
import { recolored } from './recolor.ts';
import { drawnTexture, shuffledLines, shuffledTexture } from './textures.ts';

/** Wherein methods differ that learn from such defects. */
export interface DefectRule {
  /** Of the images, turned by up to 90 degrees before anything else. */
  readonly turnedShare: number;
  /** How much of the image is left in a defect, from the one to the other share. */
  readonly kept: readonly [least: number, most: number];
  /** How often noise is drawn for a mask until it is not empty. */
  readonly mostMasks: number;
  /** What is cut and shuffled: another image, or the same one. */
  readonly cut: 'another' | 'itself';
}

export interface DefectOptions {
  readonly images: ImageSource;
  readonly batchSize: number;
  readonly side: number;
  readonly textures: DraemPreset['textures'];
  readonly rule: DefectRule;
}

/** As released. */
export const DRAEM_DEFECTS: DefectRule = {
  ...{ turnedShare: 0.3, kept: [0, 0.8], mostMasks: 1, cut: 'another' },
};
const MOST_TURNED = 90;
const DEFECT_SHARE = 0.5;
/** Cells of the noise along a side: 2 to the power of 0 to 5. */
const CELL_POWERS = 6;
const NOISE_ABOVE = 0.5;

/**
 * What a step is fed: `images` and `damaged` f32 `[N, S, S, 3]`, `masks` f32 `[N, S, S, 1]`. The arrays stay the same: a
 * step is done with them before the next.
 */
export function defectFeeds({ images, batchSize, side, textures, rule }: DefectOptions) {
  const pixels = side ** 2;
  const isCutFromOthers = rule.cut === 'another';
  // The images of a step, and those that textures are cut from.
  const read = new Float32Array((isCutFromOthers ? 2 : 1) * batchSize * 3 * pixels);
  const feeds = {
    images: new Float32Array(batchSize * 3 * pixels),
    damaged: new Float32Array(batchSize * 3 * pixels),
    masks: new Float32Array(batchSize * pixels),
  };
  return async ({ images: drawn, random: streamOf }: Draw): Promise<TensorMap> => {
    const random = streamOf('defects');
    const others = isCutFromOthers ? drawn.map(() => random.nextInteger(images.count)) : [];
    await images.read(Int32Array.of(...drawn, ...others), read);
    for (let slot = 0; slot < batchSize; slot++) {
      const image = sometimesTurned(colorsOf(read, slot, pixels), random, side, rule.turnedShare);
      const cut = () =>
        isCutFromOthers
          ? shuffledTexture(random, side, colorsOf(read, batchSize + slot, pixels))
          : image;
      const texture = () => {
        const isDrawn = textures === 'mixed' ? random.nextUniform() < 0.5 : textures === 'drawn';
        const filling = recolored(isDrawn ? drawnTexture(random, side) : cut(), random, side);
        return isDrawn || isCutFromOthers ? filling : shuffledLines(random, side, filling);
      };
      const { damaged, mask } = withDefect(image, random, side, { texture, rule });
      feeds.images.set(image, slot * 3 * pixels);
      feeds.damaged.set(damaged, slot * 3 * pixels);
      feeds.masks.set(mask, slot * pixels);
    }
    return {
      images: float32([batchSize, side, side, 3], feeds.images),
      damaged: float32([batchSize, side, side, 3], feeds.damaged),
      masks: float32([batchSize, side, side, 1], feeds.masks),
    };
  };
}

/** An image before it was normalized. @param read f32 `[…, 3, S, S]`. @returns f32 `[S, S, 3]`. */
function colorsOf(read: Float32Array, slot: number, pixels: number): Float32Array {
  const { mean, std } = IMAGENET_COLORS;
  const image = new Float32Array(3 * pixels);
  for (let channel = 0; channel < 3; channel++)
    for (let i = 0; i < pixels; i++)
      image[3 * i + channel] =
        read[(slot * 3 + channel) * pixels + i]! * std[channel]! + mean[channel]!;
  return image;
}

function sometimesTurned(
  image: Float32Array,
  random: RandomStream,
  side: number,
  share: number,
): Float32Array {
  if (share === 0 || random.nextUniform() >= share) return image;
  return turned(image, side, 3, MOST_TURNED * (2 * random.nextUniform() - 1));
}

export interface Filling {
  /** Draws one, f32 `[S, S, 3]`. */
  readonly texture: () => Float32Array;
  readonly rule: Pick<DefectRule, 'kept' | 'mostMasks'>;
}

/**
 * @param image f32 `[S, S, 3]`.
 * @returns The image with a defect and where it is, f32 `[S, S]`; half of the time the image as it is.
 */
export function withDefect(
  image: Float32Array,
  random: RandomStream,
  side: number,
  { texture, rule }: Filling,
): { readonly damaged: Float32Array; readonly mask: Float32Array } {
  if (random.nextUniform() >= DEFECT_SHARE)
    return { damaged: image, mask: new Float32Array(side ** 2) };
  const mask = defectMask(random, side, rule.mostMasks);
  const [least, most] = rule.kept;
  const kept = least + (most - least) * random.nextUniform();
  const filling = texture();
  const damaged = image.map((value, i) =>
    mask[Math.floor(i / 3)] === 0 ? value : kept * value + (1 - kept) * filling[i]!,
  );
  return { damaged, mask };
}

/** Where turned noise is large. @returns f32 `[S, S]`, 0 and 1. */
export function defectMask(random: RandomStream, side: number, most = 1): Float32Array {
  const [rows, columns] = [
    2 ** random.nextInteger(CELL_POWERS),
    2 ** random.nextInteger(CELL_POWERS),
  ];
  let mask = new Float32Array(side ** 2);
  for (let drawn = 0; drawn < most && !mask.includes(1); drawn++) {
    const noise = perlinNoise(random, side, rows, columns);
    const angle = MOST_TURNED * (2 * random.nextUniform() - 1);
    mask = turned(noise, side, 1, angle).map((value) => (value > NOISE_ABOVE ? 1 : 0));
  }
  return mask;
}
