/** @file Pictures whose headers lie, and files that are no pictures. */
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { makeImage } from './dataset-files.ts';

/** A PNG chunk. */
export function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const bytes = Buffer.alloc(body.length + 8);
  bytes.writeUInt32BE(data.length, 0);
  body.copy(bytes, 4);
  bytes.writeUInt32BE(crc32(body), body.length + 4);
  return bytes;
}

/** Gray, of `rows` rows that are really there. */
export function png(
  width: number,
  height: number,
  rows: number,
  more: readonly Buffer[] = [],
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt8(8, 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...more,
    chunk('IDAT', deflateSync(Buffer.alloc((width + 1) * rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

export function bmp(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(54);
  bytes.write('BM', 'latin1');
  for (const [at, value] of [
    [10, 54],
    [14, 40],
    [18, width],
    [22, height],
  ] as const)
    bytes.writeInt32LE(value, at);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  return bytes;
}

/** Whose directory of tags leads to itself. */
export function loopingTiff(): Buffer {
  const bytes = Buffer.from('II*\0\x08\0\0\0\0\0\x08\0\0\0', 'latin1');
  return Buffer.concat([bytes, Buffer.alloc(64)]);
}

export const svg = (inside: string): string =>
  `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">${inside}</svg>`;

export const frames = async () => {
  const [first, second] = [await makeImage(2), await makeImage(9)];
  return sharp([Buffer.from(first), Buffer.from(second)], { join: { animated: true } })
    .webp()
    .toBuffer();
};
