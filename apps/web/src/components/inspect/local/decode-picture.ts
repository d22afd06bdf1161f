/**
 * @file An image file to pixels as the server decodes them: turned as its EXIF data says, in sRGB, transparency on black. Only
 * formats that browsers read, with 8 bits.
 */
import { DomainError, type ImagePixels } from '@plumbline/contracts';
import { pictureKind } from './picture-kind.ts';

export interface DecodedPicture {
  readonly pixels: ImagePixels;
  /** At most `SHOWN_SIDE` pixels along a side: what its heatmap is painted over. */
  readonly shown: ImagePixels;
}

/** A heatmap in the page needs no more. */
const SHOWN_SIDE = 1600;
const MAX_MEGAPIXELS = 50;
const HEADER_BYTES = 64;
const ON_SERVER = 'Inspect it on the server.';

/** @throws DomainError INVALID_INPUT, UNSUPPORTED for what only the server reads, TOO_LARGE */
export async function decodePicture(file: Blob, minSidePx: number): Promise<DecodedPicture> {
  const kind = pictureKind(new Uint8Array(await file.slice(0, HEADER_BYTES).arrayBuffer()));
  if (kind === 'tiff')
    throw new DomainError('UNSUPPORTED', 'Browsers don’t read TIFF.', { fix: ON_SERVER });
  if (kind === 'deep-png') {
    const message = 'The image has 16 bits per channel, of which browsers keep 8.';
    throw new DomainError('UNSUPPORTED', message, { fix: ON_SERVER });
  }
  const bitmap = await createImageBitmap(file).catch((cause: unknown) => {
    throw new DomainError('INVALID_INPUT', 'This browser can’t read the file as an image.', {
      fix: `Choose a PNG, JPEG, WebP or BMP. ${ON_SERVER}`,
      cause,
    });
  });
  try {
    requireSize(bitmap, minSidePx);
    const { width, height } = bitmap;
    const scale = Math.min(1, SHOWN_SIDE / Math.max(width, height));
    const pixels = readPixels(bitmap, { width, height });
    const shown =
      scale === 1
        ? pixels
        : readPixels(bitmap, {
            width: Math.max(1, Math.round(width * scale)),
            height: Math.max(1, Math.round(height * scale)),
          });
    return { pixels, shown };
  } finally {
    bitmap.close();
  }
}

function requireSize({ width, height }: ImageBitmap, minSidePx: number): void {
  const size = `The image (${width} × ${height} pixels)`;
  if (width * height > MAX_MEGAPIXELS * 1e6) {
    const message = `${size} has more than ${MAX_MEGAPIXELS} megapixels.`;
    throw new DomainError('TOO_LARGE', message, { fix: 'Scale it down or cut it into tiles.' });
  }
  if (Math.min(width, height) < minSidePx) {
    const message = `${size} is smaller than the ${minSidePx} × ${minSidePx} feature grid.`;
    const fix = `Use images with at least ${minSidePx} pixels along each side.`;
    throw new DomainError('INVALID_INPUT', message, { fix });
  }
}

function readPixels(bitmap: ImageBitmap, size: { width: number; height: number }): ImagePixels {
  const { width, height } = size;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('This browser gives no canvas to decode images with.');
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  return { width, height, data: onBlack(context.getImageData(0, 0, width, height).data) };
}

/** @param rgba Not premultiplied. @returns RGB. */
function onBlack(rgba: Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    const alpha = rgba[from + 3]! / 255;
    for (let channel = 0; channel < 3; channel++)
      rgb[to + channel] = Math.round(rgba[from + channel]! * alpha);
  }
  return rgb;
}
