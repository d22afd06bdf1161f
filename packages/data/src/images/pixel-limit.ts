/** @file How many pixels an image has, from its header, before anything is decoded. */
import { DomainError } from '@plumbline/contracts';
import sharp from 'sharp';
import { isBmp } from './decode-bmp.ts';
import { undecodable } from './open-image.ts';
import { plainPngSize } from './plain-png.ts';

const BMP_SIZE_END = 26;
const NOTHING = { width: 0, height: 0 };

/**
 * @param fix What the one who sent it can do.
 * @throws DomainError TOO_LARGE naming size and limit, INVALID_INPUT when the bytes are no image.
 */
export async function requirePixelsWithin(
  bytes: Uint8Array,
  file: string,
  limit: { readonly maxPixels: number; readonly fix: string },
): Promise<void> {
  const { width, height } = isBmp(bytes) ? sizeOfBmp(bytes) : await sizeOf(bytes, file);
  if (width * height <= limit.maxPixels) return;
  throw new DomainError(
    'TOO_LARGE',
    `${file} has ${megapixels(width * height)} megapixels (${width}×${height}); at most ${megapixels(limit.maxPixels)} are accepted.`,
    { file, fix: limit.fix },
  );
}

/** By its header; 0 where that can't be read, which decoding tells. */
export async function pixelsOf(bytes: Uint8Array): Promise<number> {
  const { width, height } =
    plainPngSize(bytes) ??
    (isBmp(bytes) ? sizeOfBmp(bytes) : await sizeOf(bytes, '').catch(() => NOTHING));
  return width * height;
}

async function sizeOf(bytes: Uint8Array, file: string): Promise<{ width: number; height: number }> {
  // An empty file is told apart where it is decoded.
  if (bytes.length === 0) return NOTHING;
  try {
    return await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch (cause) {
    throw undecodable(file, cause);
  }
}

/** One that is cut short is told when it is decoded. */
function sizeOfBmp(bytes: Uint8Array): { width: number; height: number } {
  if (bytes.length < BMP_SIZE_END) return NOTHING;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) };
}

function megapixels(pixels: number): string {
  const value = pixels / 1e6;
  return value.toFixed(Number.isInteger(value) ? 0 : 1);
}
