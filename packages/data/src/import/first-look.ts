/** @file What the file of an image tells before the range of its category is known. */
import type { ImageBlob } from '@plumbline/contracts';
import type { ImageValues } from '../images/category-range.ts';
import { readImage } from '../images/decode-image.ts';
import { spanOf } from '../images/deep-pixels.ts';
import { luminanceOf } from '../images/luminance-picture.ts';
import type { RgbImage } from '../images/rgb-image.ts';
import type { LayoutEntry } from '../layouts/layout.ts';
import type { CheckedMask } from './check-masks.ts';

/** Different values of pixels that an image has at least: those of 3 bits. */
export const MIN_LEVELS = 8;

/** Of one image, before the range of its category is known. */
export interface FirstLook {
  readonly entry: LayoutEntry;
  readonly image: ImageBlob;
  readonly values: ImageValues;
  /** Null of an image with more than 8 bits: its pixels depend on the range. */
  readonly look: Look | null;
  readonly mask: CheckedMask | null;
  readonly orientation: number;
  readonly isTransparent: boolean;
}

/** What only pixels of 8 bits tell. */
export interface Look {
  /** Different values of the 8-bit pixels, counted up to `MIN_LEVELS`. */
  readonly levels: number;
  /** Luminance, 32 × 32, of a normal sample; null of an anomalous one. */
  readonly picture: Float32Array | null;
}

export interface TakenFile {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

export async function lookAt(
  { bytes, sha256 }: TakenFile,
  entry: LayoutEntry,
): Promise<Omit<FirstLook, 'mask'>> {
  const file = entry.imageFile;
  const { format, rgb, deep, orientation, isTransparent } = await readImage(bytes, file);
  const { width, height } = deep ?? rgb;
  const image = { sha256, bytes: bytes.length, width, height, format };
  const told = { entry, image, orientation, isTransparent };
  if (deep !== null) {
    const values = { file, kind: deep.kind, span: spanOf(deep) };
    return { ...told, values, look: null };
  }
  return { ...told, values: { file, kind: 'eight', span: null }, look: lookOf(rgb, entry) };
}

export function lookOf(rgb: RgbImage, { label }: Pick<LayoutEntry, 'label'>): Look {
  return { levels: levelsOf(rgb.data), picture: label === 'normal' ? luminanceOf(rgb) : null };
}

/** Different values among the bytes, counted until there are enough. */
function levelsOf(bytes: Uint8Array): number {
  const seen = new Uint8Array(256);
  let levels = 0;
  // By index: an iterator over all bytes takes ten times as long.
  for (let i = 0; i < bytes.length && levels < MIN_LEVELS; i++) {
    const value = bytes[i]!;
    if (seen[value] !== 0) continue;
    seen[value] = 1;
    levels++;
  }
  return levels;
}
