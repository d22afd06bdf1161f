/** @file How many pixels an image has, from its header, before anything is decoded. */
import sharp from 'sharp';
import { bmpSize, isBmp } from './decode-bmp.ts';
import { plainPngSize } from './plain-png.ts';

const NOTHING = { width: 0, height: 0 };

/** 0 where the header can't be read, which decoding tells. */
export async function pixelsOf(bytes: Uint8Array): Promise<number> {
  const { width, height } =
    plainPngSize(bytes) ?? (isBmp(bytes) ? bmpSize(bytes) : await sizeOf(bytes));
  return width * height;
}

async function sizeOf(bytes: Uint8Array): Promise<{ width: number; height: number }> {
  if (bytes.length === 0) return NOTHING;
  return sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(() => NOTHING);
}
