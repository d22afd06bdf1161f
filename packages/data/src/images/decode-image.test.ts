/** @file Decoding gives the same RGB pixels whatever the file: gray, alpha, 16 bits, rotation, BMP, masks. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage, readImage } from './decode-image.ts';
import { decodeMask } from './mask.ts';

const raw = (data: Uint8Array, width: number, height: number, channels: 1 | 2 | 3 | 4) =>
  sharp(data, { raw: { width, height, channels } });

/** A BMP of 2 × 2 pixels: red, green over blue, white. */
function makeBmp(bits: 8 | 24 | 32, options: { topDown?: boolean } = {}): Buffer {
  const palette = bits === 8 ? 16 : 0;
  const rowBytes = bits === 32 ? 8 : bits === 24 ? 8 : 4;
  const bytes = Buffer.alloc(54 + palette + 2 * rowBytes);
  bytes.write('BM');
  bytes.writeUInt32LE(54 + palette, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(2, 18);
  bytes.writeInt32LE(options.topDown ? -2 : 2, 22);
  bytes.writeUInt16LE(bits, 28);
  const colors = [
    [0, 0, 255],
    [0, 255, 0],
    [255, 0, 0],
    [255, 255, 255],
  ];
  colors.forEach((color, index) => {
    const row = Math.floor(index / 2);
    const at = 54 + palette + rowBytes * (options.topDown ? row : 1 - row);
    if (bits === 8) {
      bytes.set(color, 54 + 4 * index);
      bytes[at + (index % 2)] = index;
    } else bytes.set(color, at + (index % 2) * (bits / 8));
  });
  return bytes;
}

describe('decodeImage', () => {
  it('spreads gray to three channels', async () => {
    const png = await raw(new Uint8Array([10, 200]), 2, 1, 1)
      .toColourspace('b-w')
      .png()
      .toBuffer();
    const image = await decodeImage(png, 'a.png');
    expect(image).toMatchObject({ width: 2, height: 1 });
    expect([...image.data]).toEqual([10, 10, 10, 200, 200, 200]);
  });

  it('flattens alpha on black', async () => {
    const png = await raw(new Uint8Array([200, 100, 50, 255, 200, 100, 50, 0]), 2, 1, 4)
      .png()
      .toBuffer();
    expect([...(await decodeImage(png, 'a.png')).data]).toEqual([200, 100, 50, 0, 0, 0]);
  });

  it('brings 16 bits to 8 by the range that it is told, and to nothing without', async () => {
    const deep = sharp(new Uint16Array([0x8000, 0xffff]), {
      raw: { width: 2, height: 1, channels: 1 },
    });
    const png = await deep.toColourspace('grey16').png().toBuffer();
    expect((await sharp(png).metadata()).depth).toBe('ushort');
    const { data } = await decodeImage(png, 'a.png', { low: 0, high: 65535 });
    expect([...data]).toEqual([128, 128, 128, 255, 255, 255]);
    await expect(decodeImage(png, 'a.png')).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      file: 'a.png',
      field: 'range',
    });
  });

  it('turns by EXIF orientation', async () => {
    const tall = await raw(new Uint8Array(4 * 2 * 3), 4, 2, 3)
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect(await decodeImage(tall, 'a.jpg')).toMatchObject({ width: 2, height: 4 });
  });

  it.each([8, 24, 32] as const)('reads a BMP of %i bits', async (bits) => {
    const expected = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255];
    const { rgb, format } = await readImage(makeBmp(bits), 'a.bmp');
    expect(rgb).toMatchObject({ width: 2, height: 2 });
    expect(format).toBe('bmp');
    expect([...(rgb?.data ?? [])]).toEqual(expected);
    expect([...(await decodeImage(makeBmp(bits, { topDown: true }), 'a.bmp')).data]).toEqual(
      expected,
    );
  });

  it('refuses a BMP that is cut short or compressed, naming it', async () => {
    const cut = makeBmp(24).subarray(0, 60);
    await expect(decodeImage(cut, 'cut.bmp')).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      file: 'cut.bmp',
    });
    const compressed = makeBmp(24);
    compressed.writeUInt32LE(1, 30);
    await expect(decodeImage(compressed, 'rle.bmp')).rejects.toThrow('rle.bmp is a kind of BMP');
  });

  it('refuses more than 100 megapixels', async () => {
    const huge = await sharp({
      create: { width: 10_001, height: 10_000, channels: 3, background: '#000' },
    })
      .png({ compressionLevel: 1 })
      .toBuffer();
    await expect(decodeImage(huge, 'huge.png')).rejects.toThrow(
      'huge.png has more than 100 megapixels',
    );
  });

  it('refuses several pages', async () => {
    const frames = await sharp(
      [new Uint8Array(12), new Uint8Array(12).fill(90)].map((data) => ({
        raw: { width: 2, height: 2, channels: 3 as const },
        data,
      }))[0]?.data,
      { raw: { width: 2, height: 2, channels: 3 } },
    )
      .tiff()
      .toBuffer();
    expect((await decodeImage(frames, 'one.tif')).width).toBe(2);
    const animated = await sharp(
      new Uint8Array(24).map((_, i) => i * 10),
      {
        raw: { width: 2, height: 4, channels: 3, pageHeight: 2 },
      },
    )
      .webp({ loop: 0, lossless: true })
      .toBuffer();
    await expect(decodeImage(animated, 'two.webp')).rejects.toThrow('two.webp holds 2 pages');
  });
});

describe('decodeMask', () => {
  it('marks whatever is not zero: 1 and 255, color and gray', async () => {
    const gray = await raw(new Uint8Array([0, 1, 255]), 3, 1, 1)
      .toColourspace('b-w')
      .png()
      .toBuffer();
    expect([...(await decodeMask(gray, 'm.png')).data]).toEqual([0, 1, 1]);
    const color = await raw(new Uint8Array([0, 0, 0, 0, 0, 9]), 2, 1, 3)
      .png()
      .toBuffer();
    expect([...(await decodeMask(color, 'm.png')).data]).toEqual([0, 1]);
  });

  it('keeps small values of 16 bits', async () => {
    const deep = sharp(new Uint16Array([0, 1, 65535]), {
      raw: { width: 3, height: 1, channels: 1 },
    });
    const png = await deep.toColourspace('grey16').png().toBuffer();
    expect((await sharp(png).metadata()).depth).toBe('ushort');
    expect([...(await decodeMask(png, 'm.png')).data]).toEqual([0, 1, 1]);
  });
});
