/** @file Opens images by what they really are, whatever their name, after a look at their header. */
import { DomainError, type ImageBlob } from '@plumbline/contracts';
import sharp, { type Metadata, type Sharp } from 'sharp';
import { bmpSize, decodeBmp, isBmp } from './decode-bmp.ts';
import { type PixelLimit, requirePixelsWithin } from './pixel-limit.ts';
import { plainPngSize } from './plain-png.ts';

export type ImageFormat = ImageBlob['format'];

/** Pixels an image may have, 100 Mpx. */
export const MAX_PIXELS = 100e6;
const DEEP_TYPES: readonly DeepType[] = ['ushort', 'uint', 'float', 'double'];
const BLACK = { r: 0, g: 0, b: 0 };
const CONVERT = 'Convert it to PNG, JPEG, WebP, BMP or TIFF, or remove it.';

/** Pixel types beyond 8 bits that are read. */
export type DeepType = 'ushort' | 'uint' | 'float' | 'double';

export interface OpenedImage {
  readonly pixels: Sharp;
  readonly format: ImageFormat;
  /** Null with 8 bits a channel. */
  readonly deep: { readonly type: DeepType; readonly space: string } | null;
  /** As its file says (EXIF), 1 to 8; 1 is upright. `pixels` are turned already. */
  readonly orientation: number;
  /** Null without an alpha channel that counts. */
  readonly alpha: { readonly varies: boolean } | null;
}

/**
 * A pipeline over an image after checking its header: EXIF-rotated and flattened on black.
 * @param limit Beside 100 Mpx, which no image may exceed.
 * @throws DomainError INVALID_INPUT naming `file`; TOO_LARGE beyond the limit.
 */
export async function openImage(
  bytes: Uint8Array,
  file: string,
  limit?: PixelLimit,
): Promise<OpenedImage> {
  if (bytes.length === 0) {
    throw new DomainError('INVALID_INPUT', `${file} is empty (0 bytes).`, {
      fix: 'Copy the image again, or remove the file.',
      file,
    });
  }
  if (isBmp(bytes)) {
    if (limit !== undefined) requirePixelsWithin(bmpSize(bytes), file, limit);
    const { width, height, data } = decodeBmp(bytes, file, MAX_PIXELS);
    const pixels = sharp(data, {
      raw: { width, height, channels: 3 },
      limitInputPixels: MAX_PIXELS,
    });
    return { pixels, format: 'bmp', deep: null, orientation: 1, alpha: null };
  }
  const input = { failOn: 'error', limitInputPixels: MAX_PIXELS } as const;
  const plainPng = plainPngSize(bytes);
  if (plainPng !== null) {
    if (limit !== undefined) requirePixelsWithin(plainPng, file, limit);
    const pixels = sharp(bytes, input);
    return { pixels, format: 'png', deep: null, orientation: 1, alpha: null };
  }
  const metadata = await readHeader(bytes, file, limit);
  const format = formatOf(metadata, file);
  const { orientation = 1 } = metadata;
  if (metadata.depth === 'uchar') {
    const pixels = sharp(bytes, input).autoOrient().flatten({ background: BLACK });
    const alpha = metadata.hasAlpha ? await readAlpha(sharp(bytes, input), file) : null;
    return { pixels, format, deep: null, orientation, alpha };
  }
  const type = DEEP_TYPES.find((known) => known === metadata.depth);
  if (type === undefined) {
    throw new DomainError('INVALID_INPUT', `${file} has pixels of the type ${metadata.depth}.`, {
      fix: 'Save it with unsigned integers of 8, 16 or 32 bits, or as 32-bit floating point.',
      file,
    });
  }
  // A profile would change the values before anybody has seen their range.
  const turned = sharp(bytes, { ...input, ignoreIcc: true }).autoOrient();
  // Opaque is 255 to libvips where pixels are floating point, which would turn an alpha of 1 black.
  const isFloat = type === 'float' || type === 'double';
  const pixels = isFloat ? turned.removeAlpha() : turned.flatten({ background: BLACK });
  const alpha = metadata.hasAlpha && !isFloat ? await readAlpha(sharp(bytes, input), file) : null;
  return { pixels, format, deep: { type, space: metadata.space }, orientation, alpha };
}

async function readHeader(
  bytes: Uint8Array,
  file: string,
  limit: PixelLimit | undefined,
): Promise<Metadata> {
  // With a limit of its own an image is told by that one.
  const limitInputPixels = limit === undefined ? MAX_PIXELS : false;
  const metadata = await sharp(bytes, { failOn: 'error', limitInputPixels })
    .metadata()
    .catch((cause: unknown) => {
      throw undecodable(file, cause);
    });
  if (limit !== undefined) requirePixelsWithin(metadata, file, limit);
  return metadata;
}

/** @throws DomainError INVALID_INPUT for a picture of which nothing would be left: saved with an alpha of 0 throughout. */
async function readAlpha(image: Sharp, file: string): Promise<{ varies: boolean }> {
  const { data } = await image
    .extractChannel('alpha')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw undecodable(file, cause);
    });
  const first = data[0];
  if (data.some((value) => value !== first)) return { varies: true };
  if (first !== 0) return { varies: false };
  throw new DomainError(
    'INVALID_INPUT',
    `${file} is transparent throughout (alpha 0): it would be read as black.`,
    {
      fix: 'Save it without an alpha channel.',
      file,
    },
  );
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
