/** @file Decodes uncompressed BMP images (8-bit palette, 24 and 32 bit), which libvips cannot. */
import { DomainError } from '@plumbline/contracts';
import type { RgbImage } from './rgb-image.ts';

const FILE_HEADER_BYTES = 14;
const SIZE_END = 26;

export function isBmp(bytes: Uint8Array): boolean {
  return bytes.length >= 2 && bytes[0] === 0x42 && bytes[1] === 0x4d;
}

/** By its header; 0 for one that is cut short, which decoding tells. */
export function bmpSize(bytes: Uint8Array): { width: number; height: number } {
  if (bytes.length < SIZE_END) return { width: 0, height: 0 };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) };
}

/**
 * @param maxPixels Largest width × height that is decoded.
 * @throws DomainError INVALID_INPUT naming `file` when it is cut short, too large or of another kind of BMP.
 */
export function decodeBmp(bytes: Uint8Array, file: string, maxPixels: number): RgbImage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < FILE_HEADER_BYTES + 40) throw cutShort(file);
  const dataOffset = view.getUint32(10, true);
  const headerBytes = view.getUint32(14, true);
  const width = view.getInt32(18, true);
  const signedHeight = view.getInt32(22, true);
  const height = Math.abs(signedHeight);
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  const plain = compression === 0 && (bits === 8 || bits === 24 || bits === 32);
  if (!plain || headerBytes < 40 || width <= 0 || height === 0) {
    throw new DomainError('INVALID_INPUT', `${file} is a kind of BMP that is not supported.`, {
      fix: 'Convert it to PNG, or to an uncompressed BMP of 8, 24 or 32 bits.',
      file,
    });
  }
  if (width * height > maxPixels) {
    throw new DomainError('INVALID_INPUT', `${file} has more than ${maxPixels / 1e6} megapixels.`, {
      fix: 'Scale it down or cut it into tiles.',
      file,
    });
  }
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  const paletteOffset = FILE_HEADER_BYTES + headerBytes;
  if (dataOffset + rowBytes * height > bytes.length) throw cutShort(file);
  if (bits === 8 && paletteOffset + 4 > dataOffset) throw cutShort(file);

  const data = new Uint8Array(width * height * 3);
  const step = bits / 8;
  for (let y = 0; y < height; y++) {
    // Rows go from the bottom up unless the height is negative.
    const row = dataOffset + rowBytes * (signedHeight > 0 ? height - 1 - y : y);
    for (let x = 0; x < width; x++) {
      const at = row + x * step;
      const source = bits === 8 ? paletteOffset + bytes[at]! * 4 : at;
      if (bits === 8 && source + 4 > dataOffset) throw cutShort(file);
      const target = (y * width + x) * 3;
      data[target] = bytes[source + 2]!;
      data[target + 1] = bytes[source + 1]!;
      data[target + 2] = bytes[source]!;
    }
  }
  return { width, height, data };
}

function cutShort(file: string): DomainError {
  return new DomainError(
    'INVALID_INPUT',
    `${file} cannot be decoded: it ends too early or is damaged.`,
    {
      fix: 'Copy it again from its origin, or remove it.',
      file,
    },
  );
}
