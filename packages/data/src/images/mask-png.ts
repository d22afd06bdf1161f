/** @file A mask as a file: 0 and 255, one channel, upright. */
import { type DatasetImportOptions, DomainError } from '@plumbline/contracts';
import sharp from 'sharp';
import { type Mask, markMask, readMask } from './mask.ts';
import { readingOf } from './mask-rule.ts';
import type { PixelLimit } from './pixel-limit.ts';

/** The same bytes for the same mask. */
export function maskPng({ width, height, data }: Mask): Promise<Buffer> {
  return sharp(
    data.map((one) => one * 255),
    { raw: { width, height, channels: 1 } },
  )
    .toColourspace('b-w')
    .png()
    .toBuffer();
}

export function markedShare({ data }: Pick<Mask, 'data'>): number {
  return data.reduce((sum, one) => sum + one, 0) / data.length;
}

/**
 * A mask in any form that an import takes, read as an import reads it.
 * @throws DomainError INVALID_INPUT naming `file`: broken, on its side, or marking nothing; TOO_LARGE beyond the limit
 */
export async function readAnyMask(
  bytes: Uint8Array,
  file: string,
  told: DatasetImportOptions['masks'],
  limit?: PixelLimit,
): Promise<Mask> {
  const values = await readMask(bytes, file, limit);
  if (values.orientation !== 1) {
    throw new DomainError(
      'INVALID_INPUT',
      `${file} is turned by its EXIF orientation (${values.orientation}): nothing says how it lies on its image.`,
      { fix: 'Save it upright, without an EXIF orientation.', file },
    );
  }
  const mask = markMask(values, readingOf(values, told).rule);
  if (mask.data.includes(1)) return mask;
  throw new DomainError('INVALID_INPUT', `${file} marks no pixel.`, {
    fix: 'Mark the defect in white on black. To take a mask away, set none.',
    file,
  });
}
