/** @file Decodes images in full to RGB pixels of 8 bits, the same for every format. */
import { DomainError, type Sample, type ValueRange } from '@plumbline/contracts';
import type { Sharp } from 'sharp';
import { type DeepPixels, readDeepPixels, toEightBits } from './deep-pixels.ts';
import { type ImageFormat, openImage, undecodable } from './open-image.ts';
import type { PixelLimit } from './pixel-limit.ts';
import type { RgbImage } from './rgb-image.ts';

/** An image as it is stored: with 8 bits its pixels, with more its values. */
export type StoredImage = {
  readonly format: ImageFormat;
  /** As the file says; its pixels are turned already. */
  readonly orientation: number;
  /** Whether some pixels are transparent: they are black now. */
  readonly isTransparent: boolean;
} & (
  | { readonly rgb: RgbImage; readonly deep: null }
  | { readonly rgb: null; readonly deep: DeepPixels }
);

/**
 * @throws DomainError INVALID_INPUT naming `file` when it is broken, no image, or beyond 100 Mpx; TOO_LARGE beyond the limit.
 */
export async function readImage(
  bytes: Uint8Array,
  file: string,
  limit?: PixelLimit,
): Promise<StoredImage> {
  const opened = await openImage(bytes, file, limit);
  const { format, orientation, alpha, deep } = opened;
  const told = { format, orientation, isTransparent: alpha?.varies === true };
  if (deep !== null) return { ...told, rgb: null, deep: await readDeepPixels(opened, file) };
  return { ...told, rgb: await rawRgb(opened.pixels, file), deep: null };
}

/**
 * Pixels of an image as 8-bit sRGB: EXIF-rotated, alpha flattened on black, gray spread to three channels.
 * `isDeep`: it had more than 8 bits.
 *
 * @param range What becomes black and white in an image with more than 8 bits; one of 8 bits does not need it
 * @throws DomainError INVALID_INPUT naming `file` when it is broken, no image, beyond 100 Mpx, or has more than 8 bits
 *   and no range is given (field `range`); TOO_LARGE beyond the limit, by its header.
 */
export async function decodeImage(
  bytes: Uint8Array,
  file: string,
  range?: ValueRange,
  limit?: PixelLimit,
): Promise<RgbImage & { readonly isDeep: boolean }> {
  const image = await readImage(bytes, file, limit);
  return { ...pixelsIn(image, file, range), isDeep: image.deep !== null };
}

function pixelsIn({ rgb, deep }: StoredImage, file: string, range?: ValueRange): RgbImage {
  if (deep === null) return rgb;
  if (range !== undefined) return toEightBits(deep, range);
  throw new DomainError(
    'INVALID_INPUT',
    `${file} has more than 8 bits, and nothing says which of its values are black and white.`,
    { field: 'range', file, fix: 'Say it: range=0..4095 for 12 bits, range=0..1 for fractions.' },
  );
}

/**
 * The image of a sample, by the range of its category: the one way from a dataset's bytes to pixels.
 * @throws DomainError INVALID_INPUT as `decodeImage`; for a version whose ranges are not known, with another fix.
 */
export async function decodeSample(bytes: Uint8Array, sample: RangedSample): Promise<RgbImage> {
  return samplePixels(await readImage(bytes, sample.path), sample);
}

type RangedSample = Pick<Sample, 'path' | 'range'>;

/** Of the image of a sample that is read already. @throws as `decodeSample` */
export function samplePixels(image: StoredImage, { path, range }: RangedSample): RgbImage {
  try {
    return pixelsIn(image, path, range);
  } catch (error) {
    if (!(error instanceof DomainError) || error.field !== 'range') throw error;
    throw new DomainError('INVALID_INPUT', error.message, {
      file: path,
      fix: 'Import the dataset again: its version was made before value ranges were stored.',
    });
  }
}

async function rawRgb(pixels: Sharp, file: string): Promise<RgbImage> {
  try {
    const { data, info } = await pixels
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new Error(`${info.channels} channels in place of 3`);
    return { width: info.width, height: info.height, data };
  } catch (cause) {
    throw undecodable(file, cause);
  }
}
