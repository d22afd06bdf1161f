/** @file Small images for tests, made here so that their brightness is known. */
import { crc32 } from 'node:zlib';
import { renderPicture } from '@plumbline/data';

/** PNG of one gray value (0 to 255), with a brighter square in a corner where asked for. */
export function grayPng(
  gray: number,
  options: { size?: number; spot?: number } = {},
): Promise<Uint8Array> {
  const { size = 32, spot } = options;
  const data = new Uint8Array(size * size * 3).fill(gray);
  if (spot !== undefined) {
    for (let y = 4; y < 12; y++) data.fill(spot, (y * size + 4) * 3, (y * size + 12) * 3);
  }
  return toPng(data, size);
}

/** PNG of one color. */
export function colorPng(rgb: readonly [number, number, number], size = 32): Promise<Uint8Array> {
  return toPng(
    Uint8Array.from({ length: size * size * 3 }, (_, i) => rgb[i % 3] ?? 0),
    size,
  );
}

/** PNG of a mask that marks the square of `grayPng`. */
export function spotMaskPng(size = 32): Promise<Uint8Array> {
  return grayPng(0, { size, spot: 255 });
}

function toPng(data: Uint8Array, size: number): Promise<Uint8Array> {
  const picture = { width: size, height: size, data };
  return renderPicture(picture, picture);
}

/** The start of a PNG of so many pixels a side: its header, and hardly any of its pixels. */
export function headerOnlyPng(side: number): Uint8Array {
  const chunk = Buffer.alloc(25);
  chunk.writeUInt32BE(13, 0);
  chunk.write('IHDR', 4, 'latin1');
  chunk.writeUInt32BE(side, 8);
  chunk.writeUInt32BE(side, 12);
  // 8 bits, RGB.
  chunk.set([8, 2, 0, 0, 0], 16);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 21)), 21);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk, Buffer.from('\0\0\xff\xffIDAT\x78\x9c', 'latin1')]);
}
