/** @file Decodes images in full: what they really are, whatever their name, and RGB pixels the same for every format. */
import { DomainError, type ImageBlob } from '@plumbline/contracts';
import sharp, { type Metadata, type Sharp } from 'sharp';
import { decodeBmp, isBmp } from './decode-bmp.ts';

export interface RgbImage {
  readonly width: number;
  readonly height: number;
  /** RGB, height × width × 3. */
  readonly data: Uint8Array;
}

export type ImageFormat = ImageBlob['format'];

/** Pixels an image may have, 100 Mpx. */
export const MAX_PIXELS = 100e6;
const BLACK = { r: 0, g: 0, b: 0 };
const CONVERT = 'Convert it to PNG, JPEG, WebP, BMP or TIFF, or remove it.';

interface OpenedImage {
  readonly pixels: Sharp;
  readonly format: ImageFormat;
  /** Bits a channel are more than eight. */
  readonly deep: boolean;
}

/**
 * Pixels of an image as 8-bit sRGB: EXIF-rotated, alpha flattened on black, gray spread to three channels.
 * @throws DomainError INVALID_INPUT naming `file` when it is broken, no image, or beyond 100 Mpx.
 */
export async function decodeImage(bytes: Uint8Array, file: string): Promise<RgbImage> {
  const { width, height, data } = await decodeWithFormat(bytes, file);
  return { width, height, data };
}

export async function decodeWithFormat(
  bytes: Uint8Array,
  file: string,
): Promise<RgbImage & { format: ImageFormat }> {
  const opened = await openImage(bytes, file);
  const { width, height, data } = await rawRgb(opened.pixels, file);
  return { width, height, data, format: opened.format };
}

/**
 * A pipeline over an image after checking its header: EXIF-rotated and flattened on black.
 * @throws DomainError INVALID_INPUT naming `file`.
 */
export async function openImage(bytes: Uint8Array, file: string): Promise<OpenedImage> {
  if (bytes.length === 0) {
    throw new DomainError('INVALID_INPUT', `${file} is empty (0 bytes).`, {
      fix: 'Copy the image again, or remove the file.',
      file,
    });
  }
  if (isBmp(bytes)) {
    const { width, height, data } = decodeBmp(bytes, file, MAX_PIXELS);
    const pixels = sharp(data, {
      raw: { width, height, channels: 3 },
      limitInputPixels: MAX_PIXELS,
    });
    return { pixels, format: 'bmp', deep: false };
  }
  const input = () => sharp(bytes, { failOn: 'error', limitInputPixels: MAX_PIXELS });
  const metadata = await input()
    .metadata()
    .catch((cause: unknown) => {
      throw undecodable(file, cause);
    });
  const format = formatOf(metadata, file);
  const deep = metadata.depth !== 'uchar';
  return { pixels: input().autoOrient().flatten({ background: BLACK }), format, deep };
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

function formatOf(metadata: Metadata, file: string): ImageFormat {
  const { format, pages = 1 } = metadata;
  if (format !== 'png' && format !== 'jpeg' && format !== 'webp' && format !== 'tiff') {
    throw new DomainError(
      'INVALID_INPUT',
      `${file} is ${format}, a format that is not supported.`,
      {
        fix: CONVERT,
        file,
      },
    );
  }
  if (pages > 1) {
    throw new DomainError('INVALID_INPUT', `${file} holds ${pages} pages or frames.`, {
      fix: 'Save each page as an image of its own.',
      file,
    });
  }
  return format;
}

export function undecodable(file: string, cause: unknown): DomainError {
  if (cause instanceof DomainError) return cause;
  const detail = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '';
  if (/pixel limit/i.test(detail)) {
    return new DomainError(
      'INVALID_INPUT',
      `${file} has more than ${MAX_PIXELS / 1e6} megapixels.`,
      {
        fix: 'Scale it down or cut it into tiles.',
        file,
        cause,
      },
    );
  }
  if (/unsupported image format/i.test(detail)) {
    return new DomainError('INVALID_INPUT', `${file} is not an image that can be read.`, {
      fix: CONVERT,
      file,
      cause,
    });
  }
  return new DomainError('INVALID_INPUT', `${file} cannot be decoded: ${detail}`, {
    fix: 'The file is damaged or cut short: copy it again from its origin, or remove it.',
    file,
    cause,
  });
}
