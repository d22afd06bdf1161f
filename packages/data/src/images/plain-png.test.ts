/** @file Which PNGs are known by their chunks alone, and that what the decoder says of them is the same. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { chunk, png } from '../testing/hostile-pictures.ts';
import { plainPngSize } from './plain-png.ts';

const pixels = Uint8Array.from({ length: 5 * 7 * 4 }, (_, i) => (i * 37) % 251);
const raw = (channels: 1 | 2 | 3 | 4) =>
  sharp(pixels.subarray(0, 5 * 7 * channels), { raw: { width: 5, height: 7, channels } });
const gray = () => raw(1).toColourspace('b-w');

describe('a plain PNG', () => {
  it.each([
    ['RGB', () => raw(3).png()],
    ['gray', () => gray().png()],
    ['with a palette', () => raw(3).png({ palette: true, colors: 64 })],
    ['interlaced', () => raw(3).png({ progressive: true })],
  ])('is told: %s', async (_, make) => {
    const bytes = await make().toBuffer();
    expect(plainPngSize(bytes)).toEqual({ width: 5, height: 7 });
    const { depth, hasAlpha, orientation, pages } = await sharp(bytes).metadata();
    expect([depth, hasAlpha, orientation, pages]).toEqual(['uchar', false, undefined, undefined]);
  });
});

describe('left to the decoder', () => {
  const deep = () =>
    sharp(new Uint16Array(35), { raw: { width: 5, height: 7, channels: 1 } }).toColourspace(
      'grey16',
    );
  it.each([
    ['RGBA', () => raw(4).png().toBuffer()],
    ['gray and alpha', () => raw(2).toColourspace('b-w').png().toBuffer()],
    ['16 bits', () => deep().png().toBuffer()],
    ['turned by EXIF', () => raw(3).withMetadata({ orientation: 6 }).png().toBuffer()],
    ['with a profile', () => raw(3).withIccProfile('p3').png().toBuffer()],
    ['a color that is transparent', () => png(5, 7, 7, [chunk('tRNS', Buffer.alloc(2))])],
    ['animated', () => png(5, 7, 7, [chunk('acTL', Buffer.alloc(8))])],
    ['cut short', () => png(5, 7, 7).subarray(0, -8)],
    ['cut in its header', () => png(5, 7, 7).subarray(0, 20)],
    ['a chunk that claims 4 GB', () => png(5, 7, 7).fill(0xff, 33, 37)],
    ['no PNG', () => Buffer.from('GIF89a')],
    ['nothing', () => Buffer.alloc(0)],
  ])('%s', async (_, make) => {
    expect(plainPngSize(await make())).toBeNull();
  });
});
