/** @file Images with more than 8 bits: their range is found over the category, and what can't be known is refused. */
import { join } from 'node:path';
import type { Sample, ValueRange } from '@plumbline/contracts';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importDataset } from '../import/import-dataset.ts';
import { type BlobStore, openFolderBlobStore } from '../store/blob-store.ts';
import {
  makeTempFolder,
  type TempFolder,
  type Tree,
  writeFolder,
} from '../testing/dataset-files.ts';
import { makeTiff } from '../testing/make-tiff.ts';
import { errorOf } from '../testing/refusal-of.ts';
import { decodeImage, decodeSample } from './decode-image.ts';

const SIDE = 32;

let temp: TempFolder;
let blobs: BlobStore;
beforeEach(async () => {
  temp = await makeTempFolder();
  blobs = openFolderBlobStore(join(temp.path, 'blobs'));
});
afterEach(() => temp.remove());

/** 12-bit values of one image; only one image of all comes near white. */
function twelveBits(index: number): Uint16Array {
  const brightest = index === 3 ? 4095 : 1500;
  return Uint16Array.from({ length: SIDE * SIDE }, (_, i) =>
    i === 0 ? brightest : (i * 37 + index * 101 + (i % SIDE) * (i % 7)) % brightest,
  );
}

const gray = (values: Uint8Array) =>
  sharp(values, { raw: { width: SIDE, height: SIDE, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
const gray16 = (values: Uint16Array) =>
  sharp(values, { raw: { width: SIDE, height: SIDE, channels: 1 } })
    .toColourspace('grey16')
    .png()
    .toBuffer();

type Encode = (values: Uint16Array) => Uint8Array | Promise<Uint8Array>;

/** Four training images, one normal test image and one anomalous one. */
async function treeOf(encode: Encode, extension: string): Promise<Tree> {
  const folders = [...Array<string>(4).fill('train/good'), 'test/good', 'test/scratch'];
  const images = folders.map(async (folder, index) => {
    return [`bolt/${folder}/${index}.${extension}`, await encode(twelveBits(index))] as const;
  });
  return Object.fromEntries(await Promise.all(images));
}

async function imported(encode: Encode, extension = 'png', range?: ValueRange) {
  const source = await writeFolder(
    join(temp.path, `set-${Math.random()}`),
    await treeOf(encode, extension),
  );
  return importDataset({ source, blobs, ...(range === undefined ? {} : { range }) });
}

async function pixelsOf(samples: readonly Sample[]): Promise<number[][]> {
  const decoded = samples.map(async (sample) =>
    decodeSample(await blobs.read(sample.image.sha256), sample),
  );
  return (await Promise.all(decoded)).map(({ data }) => [...data]);
}

const toEight = (values: Uint16Array) => Uint8Array.from(values, (value) => value >> 4);

describe('12 bits', () => {
  it('decode to the same pixels as 8 bits, from the low and from the high end of 16', async () => {
    const twin = await imported((values) => gray(toEight(values)));
    const low = await imported(gray16);
    const high = await imported((values) => gray16(values.map((value) => value << 4)));
    const expected = await pixelsOf(twin.manifest.samples);
    expect(new Set(expected.flat()).size).toBeGreaterThan(200);
    expect(await pixelsOf(low.manifest.samples)).toEqual(expected);
    expect(await pixelsOf(high.manifest.samples)).toEqual(expected);
    expect(low.report.categories[0]?.range).toEqual({ low: 0, high: 4095 });
    expect(high.report.categories[0]?.range).toEqual({ low: 0, high: 65535 });
    expect(twin.report.categories[0]).not.toHaveProperty('range');
    for (const { report } of [twin, low, high])
      expect(report.warnings.map(({ code }) => code)).not.toContain('FEW_LEVELS');
  });

  it('have the range of their category, dark images too, and it is part of the hash', async () => {
    const found = await imported(gray16);
    for (const sample of found.manifest.samples)
      expect(sample.range).toEqual({ low: 0, high: 4095 });
    const declared = await imported(gray16, 'png', { low: 0, high: 2047 });
    expect(declared.hash).not.toBe(found.hash);
    expect(declared.manifest.samples[0]?.range).toEqual({ low: 0, high: 2047 });
    expect((await imported(gray16)).hash).toBe(found.hash);
  });

  it('are the same as a declared 0..4095, also in color and as TIFF', async () => {
    const expected = await pixelsOf((await imported(gray16)).manifest.samples);
    const tiff = await imported((values) => makeTiff(values, SIDE, SIDE), 'tif', {
      low: 0,
      high: 4095,
    });
    expect(await pixelsOf(tiff.manifest.samples)).toEqual(expected);
    const color = await imported(
      (values) =>
        makeTiff(
          Uint16Array.from({ length: 3 * values.length }, (_, i) => values[Math.floor(i / 3)] ?? 0),
          SIDE,
          SIDE,
          3,
        ),
      'tif',
    );
    expect(await pixelsOf(color.manifest.samples)).toEqual(expected);
    const wide = await imported((values) => makeTiff(Uint32Array.from(values), SIDE, SIDE), 'tif');
    expect(await pixelsOf(wide.manifest.samples)).toEqual(expected);
  });

  it('with an alpha channel of 16 bits keep their own range', async () => {
    const withAlpha = (values: Uint16Array) =>
      sharp(
        Uint16Array.from({ length: 4 * values.length }, (_, i) =>
          i % 4 === 3 ? 65535 : (values[Math.floor(i / 4)] ?? 0),
        ),
        { raw: { width: SIDE, height: SIDE, channels: 4 } },
      )
        .toColourspace('rgb16')
        .png()
        .toBuffer();
    const { manifest, report } = await imported(withAlpha);
    expect(report.categories[0]?.range).toEqual({ low: 0, high: 4095 });
    expect(await pixelsOf(manifest.samples)).toEqual(
      await pixelsOf((await imported(gray16)).manifest.samples),
    );
  });
});

describe('floating point', () => {
  const float = (scale: (level: number) => number) => (values: Uint16Array) =>
    makeTiff(Float32Array.from(toEight(values), scale), SIDE, SIDE);

  it('decodes to its 8-bit twin, as fractions and as levels', async () => {
    const twin = await imported((values) => gray(toEight(values)));
    const expected = await pixelsOf(twin.manifest.samples);
    const fractions = await imported(
      float((level) => level / 255),
      'tif',
    );
    expect(await pixelsOf(fractions.manifest.samples)).toEqual(expected);
    expect(fractions.report.categories[0]?.range).toEqual({ low: 0, high: 1 });
    const levels = await imported(
      float((level) => level),
      'tif',
    );
    expect(await pixelsOf(levels.manifest.samples)).toEqual(expected);
    expect(levels.report.categories[0]?.range).toEqual({ low: 0, high: 255 });
    const thousandths = await imported(
      float((level) => (1000 * level) / 255 - 500),
      'tif',
      {
        low: -500,
        high: 500,
      },
    );
    expect(await pixelsOf(thousandths.manifest.samples)).toEqual(expected);
  });

  it.each([
    ['negative values', (level: number) => level / 255 - 0.5],
    ['values beyond 255', (level: number) => level * 4],
    ['a few levels, which may be anything', (level: number) => level / 50],
  ])('is refused with %s, naming a file and the flag', async (_, scale) => {
    const error = await errorOf(imported(float(scale), 'tif'));
    expect(error).toMatchObject({ code: 'INVALID_INPUT', field: 'range' });
    expect(error.file).toMatch(/^bolt\/.*\.tif$/);
    expect(error.fix).toContain('--range');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'is refused with %s, even with a range',
    async (odd) => {
      const encode = (values: Uint16Array) =>
        makeTiff(
          Float32Array.from(values, (value, i) => (i === 5 ? odd : value / 4096)),
          SIDE,
          SIDE,
        );
      const error = await errorOf(imported(encode, 'tif', { low: 0, high: 1 }));
      expect(error.message).toContain('not finite');
      expect(error.file).toMatch(/^bolt\//);
    },
  );
});

describe('what can not be known', () => {
  it('is whether 8 and 16 bits mean the same: refused unless a range says so', async () => {
    let images = 0;
    const mixed: Encode = (values) => {
      images += 1;
      return images % 2 === 0 ? gray(toEight(values)) : gray16(values);
    };
    const error = await errorOf(imported(mixed));
    expect(error).toMatchObject({ code: 'INVALID_INPUT', field: 'range' });
    expect(error.message).toContain('bolt mixes');
    const { manifest } = await imported(mixed, 'png', { low: 0, high: 4095 });
    expect(await pixelsOf(manifest.samples)).toEqual(
      await pixelsOf((await imported(gray16)).manifest.samples),
    );
  });

  it('are signed integers, which libvips would cut off at 0', async () => {
    const signed: Encode = (values) =>
      makeTiff(
        Int16Array.from(values, (value) => value - 2000),
        SIDE,
        SIDE,
      );
    expect((await errorOf(imported(signed, 'tif'))).message).toContain('type short');
  });

  it('a range that no image has, or of images of 8 bits, is refused', async () => {
    const outside = await errorOf(imported(gray16, 'png', { low: 10_000, high: 20_000 }));
    expect(outside).toMatchObject({ code: 'INVALID_INPUT', field: 'range' });
    const eight: Encode = (values) => gray(toEight(values));
    const unused = await errorOf(imported(eight, 'png', { low: 0, high: 4095 }));
    expect(unused).toMatchObject({ code: 'INVALID_INPUT', field: 'range' });
  });
});

it('images of fewer than 8 levels are warned of, and named', async () => {
  const { report } = await imported((values) =>
    gray(Uint8Array.from(values, (value) => value % 7)),
  );
  const few = report.warnings.find(({ code }) => code === 'FEW_LEVELS');
  expect(few?.message).toContain('6 images with fewer than 8 different levels');
  expect(few?.message).toContain('bolt/train/good/0.png');
  const dark = await imported(gray16, 'png', { low: 0, high: 1_000_000 });
  expect(dark.report.warnings.find(({ code }) => code === 'FEW_LEVELS')?.message).toContain(
    '--range',
  );
});

it('a sample of a version without ranges is refused with what to do', async () => {
  const png = await gray16(twelveBits(0));
  const error = await errorOf(decodeSample(png, { path: 'bolt/train/good/0.png' }));
  expect(error.fix).toContain('Import the dataset again');
  expect(error.file).toBe('bolt/train/good/0.png');
  await expect(decodeImage(png, 'a.png', { low: 0, high: 4095 })).resolves.toMatchObject({
    width: SIDE,
  });
});
