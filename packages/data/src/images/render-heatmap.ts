/** @file Pictures for people: an anomaly map in colors over its image, and thumbnails. */
import { type PaintOptions, paintHeatmap, type ValueRange } from '@plumbline/contracts';
import sharp, { type Sharp } from 'sharp';
import { readDeepPixels, spanOf, toEightBits } from './deep-pixels.ts';
import type { Mask } from './mask.ts';
import { openImage, undecodable } from './open-image.ts';
import type { RgbImage } from './rgb-image.ts';

/**
 * A heatmap of the image's own size (`paintHeatmap`).
 * @returns PNG bytes.
 */
export async function renderHeatmap(options: PaintOptions): Promise<Uint8Array> {
  const { width, height } = options.image;
  return sharp(paintHeatmap(options), { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 6 })
    .toBuffer();
}

/**
 * A small WebP picture, EXIF-rotated, its longer side at most `maxSide` pixels (never enlarged).
 *
 * @param range What is black and white in an image with more than 8 bits. Without one (a dataset of 0.1) its own darkest and
 *   brightest value are: a picture to look at, nothing to score.
 * @throws DomainError INVALID_INPUT when the bytes are no image.
 */
export async function renderThumbnail(
  bytes: Uint8Array,
  maxSide: number,
  range?: ValueRange,
): Promise<Uint8Array> {
  const opened = await openImage(bytes, 'image');
  if (opened.deep === null) return toThumbnail(opened.pixels, maxSide);
  const deep = await readDeepPixels(opened, 'image');
  const { low, high } = range ?? spanOf(deep);
  return toThumbnail(
    fromRgb(toEightBits(deep, { low, high: Math.max(high, low + 1e-6) })),
    maxSide,
  );
}

/** What a mask marks, in white on black, as small as a thumbnail. */
export function renderMask({ width, height, data }: Mask, maxSide: number): Promise<Uint8Array> {
  const white = data.map((one) => one * 255);
  return toThumbnail(sharp(white, { raw: { width, height, channels: 1 } }), maxSide);
}

async function toThumbnail(pixels: Sharp, maxSide: number): Promise<Uint8Array> {
  try {
    return await pixels
      .resize({ width: maxSide, height: maxSide, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 82 })
      .toBuffer();
  } catch (cause) {
    throw undecodable('image', cause);
  }
}

function fromRgb({ width, height, data }: RgbImage): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}
