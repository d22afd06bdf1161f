/** @file A model version with the files of its bundle and its thresholds: what answers. */
import {
  DomainError,
  type Keeping,
  type ThresholdProfileVersion,
  type TrainedVersion,
} from '@plumbline/contracts';
import { type Bundle, requireGridPixels } from '@plumbline/data';
import type { DecodedFile } from '../pictures/picture-task.ts';
import type { PictureThreads } from '../pictures/picture-threads.ts';
import { findImageRange, type ImageReading, noImageRange, requireDepth } from './image-range.ts';

const SMALLER =
  'Scale it down or cut it into tiles, or start the platform with a higher PLUMBLINE_MAX_MEGAPIXELS.';

export interface ServedModel {
  /** Equal for equal versions, `name/number hash`: a name that was deleted can be another model's. */
  readonly key: string;
  readonly bundle: Bundle;
  readonly version: TrainedVersion;
  /** The profile that serves. */
  readonly thresholds: ThresholdProfileVersion;
  /** Which of its images are kept. */
  readonly keeping: Keeping;
}

/**
 * An image that somebody sent.
 * @throws DomainError TOO_LARGE by its header, before it is decoded; INVALID_INPUT when it can't be read, has fewer pixels
 *   along a side than the model's finest grid, more than 8 bits and no range that is known, or 8 where training had more.
 */
export async function decodeFor(
  { pictures, maxPixels }: { readonly pictures: PictureThreads; readonly maxPixels: number },
  { version }: ServedModel,
  bytes: Uint8Array,
  reading: ImageReading = {},
): Promise<DecodedFile> {
  const range = findImageRange(version.manifest, reading);
  const limit = { maxPixels, fix: SMALLER };
  const image = await pictures.decode(bytes, 'image', range, limit).catch((error: unknown) => {
    const isRange = error instanceof DomainError && error.field === 'range';
    throw isRange ? noImageRange(version.manifest, reading) : error;
  });
  const { minSidePx = 1 } = version.manifest.graph.input;
  const { width, height } = image;
  requireGridPixels([{ file: 'image', width, height }], minSidePx);
  if (!image.isDeep) requireDepth(version.manifest, reading);
  return image;
}
