/** @file Ground-truth masks: decoding to 0 and 1, and resizing without inventing values between. */
import { type ImageFormat, openImage, undecodable } from './decode-image.ts';

export interface Mask {
  readonly width: number;
  readonly height: number;
  /** 0 or 1, height × width. */
  readonly data: Uint8Array;
}

/**
 * A mask with 1 wherever any channel is not zero; masks of 0/1, 0/255 and 16 bits alike.
 * @throws DomainError INVALID_INPUT naming `file`.
 */
export async function decodeMask(
  bytes: Uint8Array,
  file: string,
): Promise<Mask & { format: ImageFormat }> {
  const { pixels, deep, format } = await openImage(bytes, file);
  try {
    // With 16 bits, a value below 256 would round to 0: stretch first, it only has to stay non-zero.
    const stretched = deep ? pixels.linear(256, 0) : pixels;
    const { data, info } = await stretched
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const mask = new Uint8Array(info.width * info.height);
    for (let i = 0; i < mask.length; i++) {
      for (let c = 0; c < info.channels; c++) if (data[i * info.channels + c] !== 0) mask[i] = 1;
    }
    return { width: info.width, height: info.height, data: mask, format };
  } catch (cause) {
    throw undecodable(file, cause);
  }
}

/**
 * Nearest-neighbor resize, sampling at pixel centers.
 * @returns 0 or 1, height × width.
 */
export function resizeMaskNearest(mask: Mask, width: number, height: number): Uint8Array {
  const resized = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = nearest(y, height, mask.height) * mask.width;
    for (let x = 0; x < width; x++) {
      resized[y * width + x] = mask.data[row + nearest(x, width, mask.width)]!;
    }
  }
  return resized;
}

function nearest(index: number, size: number, sourceSize: number): number {
  return Math.min(sourceSize - 1, Math.floor(((index + 0.5) * sourceSize) / size));
}
