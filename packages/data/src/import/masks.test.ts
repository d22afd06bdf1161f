/** @file Masks at import: inverted ones, ones of many levels, small ones; and the rule that evaluation reads them by. */
import { join } from 'node:path';
import type { DatasetImportOptions } from '@plumbline/contracts';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BlobStore, openFolderBlobStore } from '../store/blob-store.ts';
import {
  makeImage,
  makeMask,
  makeTempFolder,
  type TempFolder,
  type Tree,
  writeFolder,
} from '../testing/dataset-files.ts';
import {
  columns,
  HEIGHT,
  importWith as importMasks,
  MASK,
  marked as markedIn,
  maskOf,
  WIDTH,
  warningsOf,
} from '../testing/import-masks.ts';
import { errorOf } from '../testing/refusal-of.ts';
import { type ImportedDataset, importDataset } from './import-dataset.ts';

let temp: TempFolder;
let blobs: BlobStore;
beforeEach(async () => {
  temp = await makeTempFolder();
  blobs = openFolderBlobStore(join(temp.path, 'blobs'));
});
afterEach(() => temp.remove());

const importWith = (changes: Tree, options?: DatasetImportOptions) =>
  importMasks(temp.path, changes, options);
const marked = (imported: ImportedDataset) => markedIn(temp.path, imported);
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
