/** @file Masks at import: inverted ones, ones of many levels, small ones; and the rule that evaluation reads them by. */
import { join } from 'node:path';
import type { DatasetImportOptions } from '@plumbline/contracts';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeMask } from '../images/mask.ts';
import { type BlobStore, openFolderBlobStore } from '../store/blob-store.ts';
import {
  makeCategory,
  makeImage,
  makeMask,
  makeTempFolder,
  type TempFolder,
  type Tree,
  writeFolder,
} from '../testing/dataset-files.ts';
import { errorOf } from '../testing/refusal-of.ts';
import { importDataset } from './import-dataset.ts';

const WIDTH = 24;
const HEIGHT = 16;
const MASK = 'bolt/ground_truth/scratch/0_mask.png';

let temp: TempFolder;
let blobs: BlobStore;
beforeEach(async () => {
  temp = await makeTempFolder();
  blobs = openFolderBlobStore(join(temp.path, 'blobs'));
});
afterEach(() => temp.remove());

const grayPixels = (data: Uint8Array) =>
  sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } }).toColourspace('b-w');
/** Each pixel by its index. */
const maskOf = (level: (index: number) => number) =>
  grayPixels(Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => level(i)))
    .png()
    .toBuffer();

/** Levels of the first columns, and 0. */
const columns = (levels: readonly number[]) => maskOf((i) => levels[i % WIDTH] ?? 0);

async function importWith(changes: Tree, options: DatasetImportOptions = {}) {
  const source = await writeFolder(join(temp.path, `set-${Math.random()}`), {
    ...(await makeCategory('bolt')),
    ...changes,
  });
  return importDataset({ source, blobs, ...options });
}

/** Pixels that the mask of test/scratch/0.png marks, as evaluation sees it. */
async function marked({ manifest }: Awaited<ReturnType<typeof importWith>>): Promise<number[]> {
  const sample = manifest.samples.find(({ path }) => path === 'bolt/test/scratch/0.png');
  if (!sample?.mask) throw new Error('no mask');
  const bytes = await blobs.read(sample.mask.sha256);
  const { data } = await decodeMask(bytes, sample.path, sample.maskRule);
  return [...data.keys()].filter((index) => data[index] === 1);
}

const warningsOf = ({ report }: Awaited<ReturnType<typeof importWith>>) =>
  report.warnings.map(({ code, message }) => `${code}: ${message}`);
const first = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('masks of more than half of the image', () => {
  const inverted = { [MASK]: '', 'bolt/ground_truth/scratch/1_mask.png': '' } as Tree;
  beforeEach(async () => {
    for (const path of Object.keys(inverted))
      inverted[path] = await maskOf((i) => (i < 30 ? 0 : 255));
  });

  it('are refused, naming them and both flags', async () => {
    const error = await errorOf(importWith(inverted));
    expect(error).toMatchObject({ code: 'INVALID_INPUT', field: 'masks', file: MASK });
    expect(error.message).toContain(
      `${MASK}, bolt/ground_truth/scratch/1_mask.png mark more than half`,
    );
    expect(error.fix).toContain('--masks inverted');
    expect(error.fix).toContain('--masks as-is');
  });

  it('are read inverted when told so, which evaluation follows and the hash covers', async () => {
    const told = await importWith(inverted, { masks: 'inverted' });
    expect(await marked(told)).toEqual(first(30));
    expect(warningsOf(told)).toEqual([
      'MASKS_TOLD: bolt: masks mark what is normal, as you said (inverted).',
    ]);
    const asIs = await importWith(inverted, { masks: 'as-is' });
    expect(await marked(asIs)).toHaveLength(WIDTH * HEIGHT - 30);
    expect(warningsOf(asIs)[0]).toContain(
      'MASKS_TOLD: bolt: 2 masks of more than half of the image',
    );
    expect(asIs.hash).not.toBe(told.hash);
  });

  it('are refused too when right masks are said to be inverted, and a flag without masks', async () => {
    const error = await errorOf(importWith({}, { masks: 'inverted' }));
    expect(error).toMatchObject({ field: 'masks' });
    expect(error.fix).toContain('without --masks inverted');
    const source = await writeFolder(join(temp.path, 'none'), {
      'bolt/train/good/0.png': await makeImage(1),
    });
    expect(await errorOf(importDataset({ source, blobs, masks: 'as-is' }))).toMatchObject({
      field: 'masks',
    });
  });

  it('of exactly half are taken', async () => {
    const half = { [MASK]: await maskOf((i) => (i < (WIDTH * HEIGHT) / 2 ? 255 : 0)) };
    expect(await marked(await importWith(half))).toHaveLength((WIDTH * HEIGHT) / 2);
  });

  it('masks of normal images that mark all of them are empty when inverted', async () => {
    const tree = { ...inverted, 'bolt/ground_truth/good/0_mask.png': await maskOf(() => 255) };
    expect((await errorOf(importWith(tree))).fix).toContain('--masks inverted');
    await importWith(tree, { masks: 'inverted' });
  });
});

describe('two levels', () => {
  it.each([1, 63, 255])('0 and %i mark whatever is not zero, without a word', async (level) => {
    const result = await importWith({ [MASK]: await maskOf((i) => (i < 20 ? level : 0)) });
    expect(await marked(result)).toEqual(first(20));
    expect(warningsOf(result)).toEqual([]);
    expect(result.manifest.samples.every(({ maskRule }) => maskRule === undefined)).toBe(true);
  });

  it('in 16 bits, and as a palette of colors, do the same', async () => {
    const sixteen = await sharp(
      Uint16Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i < 20 ? 1 : 0)),
      { raw: { width: WIDTH, height: HEIGHT, channels: 1 } },
    )
      .toColourspace('grey16')
      .png()
      .toBuffer();
    expect(await marked(await importWith({ [MASK]: sixteen }))).toEqual(first(20));
    const colors = new Uint8Array(WIDTH * HEIGHT * 3).map((_, i) =>
      Math.floor(i / 3) < 20 && i % 3 === 0 ? 128 : 0,
    );
    const palette = await sharp(colors, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
      .png({ palette: true })
      .toBuffer();
    expect(await marked(await importWith({ [MASK]: palette }))).toEqual(first(20));
  });

  it('1 and 2: the lower one is the ground', async () => {
    const result = await importWith({ [MASK]: await maskOf((i) => (i < 20 ? 2 : 1)) });
    expect(await marked(result)).toEqual(first(20));
  });
});

describe('more than two levels', () => {
  it('are cut at the middle, with a note that names the mask', async () => {
    const smooth = await columns([255, 255, 255, 128, 127, 3]);
    const result = await importWith({ [MASK]: smooth });
    expect(await marked(result)).toHaveLength(4 * HEIGHT);
    expect(warningsOf(result)).toEqual([
      `MASKS_CUT: bolt: 1 mask with more than two levels (${MASK}), as JPEG and smoothing produce them: cut at the middle.`,
    ]);
    const upsideDown = await maskOf((i) => [0, 0, 100][i % WIDTH] ?? 255);
    const other = {
      'bolt/ground_truth/scratch/1_mask.png': await maskOf((i) => (i < 9 ? 0 : 255)),
    };
    const told = await importWith({ [MASK]: upsideDown, ...other }, { masks: 'inverted' });
    expect(await marked(told)).toHaveLength(3 * HEIGHT);
  });

  it('of JPEG mark no more than the mask that it was made of', async () => {
    const block = (i: number) => (i % WIDTH >= 8 && i % WIDTH < 13 && i < 10 * WIDTH ? 255 : 0);
    const original = await importWith({ [MASK]: await maskOf(block) });
    const jpeg = await sharp(await maskOf(block))
      .jpeg({ quality: 40 })
      .toBuffer();
    const result = await importWith({ [MASK]: jpeg });
    expect(await marked(result)).toEqual(await marked(original));
    expect(result.report.warnings.map(({ code }) => code)).toEqual(['MASKS_CUT']);
  });

  it('that end below the middle of 8 bits are cut at their own', async () => {
    const result = await importWith({
      [MASK]: await columns([63, 63, 20]),
    });
    expect(await marked(result)).toHaveLength(2 * HEIGHT);
  });

  it('of small numbers are classes: all of them are marked', async () => {
    const result = await importWith({
      [MASK]: await maskOf((i) => (i < 5 ? 1 : i < 10 ? 2 : i < 20 ? 3 : 0)),
    });
    expect(await marked(result)).toEqual(first(20));
    expect(warningsOf(result)[0]).toContain('1 mask with a level or color for each kind of defect');
  });
});

it('masks that nearly vanish at 256 are named, with the size that is enough', async () => {
  const size = { width: 600, height: 600 };
  const tree: Tree = {};
  for (let i = 0; i < 3; i++) {
    tree[`nut/train/good/${i}.png`] = await makeImage(i, size);
    tree[`nut/test/dot/${i}.png`] = await makeImage(50 + i, size);
    tree[`nut/ground_truth/dot/${i}_mask.png`] = await makeMask(i === 0 ? 9 : 900, 600, 600);
  }
  const result = await importWith(tree);
  const nut = result.report.categories.find(({ name }) => name === 'nut');
  expect(nut?.smallMasks).toEqual([9 / 360_000]);
  const small = result.report.warnings.filter(({ code }) => code === 'SMALL_MASKS');
  expect(small.map(({ message }) => message)).toEqual([
    'nut: 1 mask of fewer than 4 pixels with images of 256 (nut/ground_truth/dot/0_mask.png): such small defects are hardly visible. Train with an image size of 512, or 2 tile rows and 2 tile columns.',
  ]);
});

/** Two-dimensional: `color` of each pixel, three numbers. */
function paint(color: (x: number, y: number) => readonly number[]): Promise<Buffer> {
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let i = 0; i < WIDTH * HEIGHT; i++) data.set(color(i % WIDTH, Math.floor(i / WIDTH)), 3 * i);
  return sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .png({ palette: true })
    .toBuffer();
}

describe('a color or level for each kind of defect', () => {
  const kindAt = (x: number, y: number) => (x < 4 && y < 4 ? 1 : x >= 8 && x < 12 && y < 4 ? 2 : 0);

  it.each([
    [
      'dark ones on black, as palettes of VOC have',
      [
        [0, 0, 0],
        [64, 0, 0],
        [128, 0, 0],
      ],
    ],
    [
      'on white',
      [
        [255, 255, 255],
        [255, 0, 0],
        [0, 0, 255],
      ],
    ],
    [
      'on a color as bright as theirs',
      [
        [0, 200, 0],
        [200, 0, 0],
        [0, 0, 200],
      ],
    ],
    [
      'gray levels far apart',
      [
        [0, 0, 0],
        [60, 60, 60],
        [255, 255, 255],
      ],
    ],
  ])('%s: all of them are marked', async (_, colors) => {
    const result = await importWith({ [MASK]: await paint((x, y) => colors[kindAt(x, y)] ?? []) });
    expect(await marked(result)).toHaveLength(32);
    expect(warningsOf(result)[0]).toContain('MASKS_CUT');
  });

  it('two colors without black: the one that most of the mask has is its ground', async () => {
    const colors = [
      [255, 255, 0],
      [0, 255, 255],
    ];
    const result = await importWith({
      [MASK]: await paint((x, y) => colors[Number(kindAt(x, y) > 0)] ?? []),
    });
    expect(await marked(result)).toHaveLength(32);
    expect(warningsOf(result)[0]).toContain('read as its ground');
    expect(
      result.manifest.samples.find(({ maskRule }) => maskRule !== undefined)?.maskRule,
    ).toEqual({ above: 0, inverted: false, ground: 0xffff00 });
  });

  it('edges of a smoothed mask are still cut at the middle', async () => {
    const result = await importWith({ [MASK]: await columns([255, 255, 255, 255, 255, 128, 64]) });
    expect(await marked(result)).toHaveLength(6 * HEIGHT);
  });
});

describe('what would be lost or misplaced in silence', () => {
  const square = async (options: { orientation?: number; shade?: number }) => {
    const image = sharp(await makeImage(options.shade ?? 7, { width: 16, height: 16 }));
    return (
      options.orientation === undefined
        ? image
        : image.withMetadata({ orientation: options.orientation })
    )
      .jpeg()
      .toBuffer();
  };

  it('a mask beside a turned square image', async () => {
    const changes = {
      'bolt/test/scratch/0.png': await square({ orientation: 6 }),
      [MASK]: await makeMask(20, 16, 16),
    };
    const error = await errorOf(importWith(changes));
    expect(error).toMatchObject({ file: MASK, code: 'INVALID_INPUT' });
    expect(error.message).toContain('turned by its EXIF orientation (6)');
    changes['bolt/test/scratch/0.png'] = await square({ orientation: 1 });
    await importWith(changes);
  });

  it('a mask of the sensor’s size beside an image on its side', async () => {
    const turned = await sharp(await makeImage(7))
      .withMetadata({ orientation: 8 })
      .jpeg()
      .toBuffer();
    const error = await errorOf(importWith({ 'bolt/test/scratch/0.png': turned }));
    expect(error.message).toContain('once it is turned');
    expect(error.fix).toContain('upright');
    await importWith({ 'bolt/test/scratch/0.png': turned, [MASK]: await makeMask(20, 16, 24) });
  });

  const withAlpha = async (alpha: (index: number) => number, gray: (index: number) => number) =>
    sharp(
      Uint8Array.from({ length: WIDTH * HEIGHT * 4 }, (_, i) =>
        i % 4 === 3 ? alpha(i >> 2) : gray(i >> 2),
      ),
      { raw: { width: WIDTH, height: HEIGHT, channels: 4 } },
    )
      .png()
      .toBuffer();

  it('a picture saved with an alpha of 0', async () => {
    const error = await errorOf(
      importWith({
        'bolt/train/good/0.png': await withAlpha(
          () => 0,
          (i) => i % 251,
        ),
      }),
    );
    expect(error).toMatchObject({ file: 'bolt/train/good/0.png' });
    expect(error.message).toContain('transparent throughout');
    const result = await importWith({
      'bolt/train/good/0.png': await withAlpha(
        (i) => (i < 9 ? 0 : 255),
        (i) => i % 251,
      ),
    });
    expect(warningsOf(result)[0]).toContain('TRANSPARENT: bolt: 1 image with transparent pixels');
  });

  it('a mask that marks by transparency alone', async () => {
    const error = await errorOf(
      importWith({
        [MASK]: await withAlpha(
          (i) => (i < 20 ? 255 : 0),
          () => 0,
        ),
      }),
    );
    expect(error.message).toContain('by transparency alone');
    expect(
      await marked(
        await importWith({
          [MASK]: await withAlpha(
            (i) => (i < 20 ? 255 : 0),
            () => 255,
          ),
        }),
      ),
    ).toHaveLength(20);
  });
});
