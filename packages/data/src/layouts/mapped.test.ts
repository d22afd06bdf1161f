/** @file Datasets by a mapping: exact samples and masks, what fits nothing is named, and the proposal of a survey imports. */
import { join } from 'node:path';
import type { DatasetMapping } from '@plumbline/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importDataset } from '../import/import-dataset.ts';
import { surveySource } from '../import/survey-source.ts';
import { openFolderBlobStore } from '../store/blob-store.ts';
import {
  makeImage,
  makeMask,
  makeTempFolder,
  type TempFolder,
  type Tree,
  writeFolder,
  writeZip,
} from '../testing/dataset-files.ts';
import { errorOf } from '../testing/refusal-of.ts';
import { matcherOf } from './glob.ts';

let temp: TempFolder;
beforeEach(async () => {
  temp = await makeTempFolder();
});
afterEach(() => temp.remove());

const IMAGES = [
  'Gut/1.png',
  'Gut/2.png',
  'Kontrolle/1.png',
  'Fehler/Riss/1.png',
  'Fehler/Loch/1.png',
];
const MASKS = { 'Fehler/Masken/Riss/1_seg.png': 5, 'Fehler/Masken/Loch/1_seg.png': 7 };

async function tree(): Promise<Tree> {
  const made: Tree = { 'Liste.xlsx': 'no table' };
  for (const [index, path] of IMAGES.entries()) made[path] = await makeImage(index * 9);
  for (const [path, marked] of Object.entries(MASKS)) made[path] = await makeMask(marked);
  return made;
}

const MAPPING: DatasetMapping = {
  category: 'bolt',
  folders: [
    { path: 'Gut', is: 'train-normal' },
    { path: 'Kontrolle', is: 'test-normal' },
    { path: 'Fehler/Masken', is: 'masks', name: '{name}_seg' },
    { path: 'Fehler/Riss', is: 'test-anomalous', defectType: 'crack' },
    { path: 'Fehler/*', is: 'ignore' },
    { path: 'Fehler', is: 'test-anomalous' },
  ],
};

const importWith = (source: string, mapping: DatasetMapping) =>
  importDataset({ source, mapping, blobs: openFolderBlobStore(join(temp.path, 'blobs')) });

it('folders are what the mapping says, and masks are found in folders like those of their images', async () => {
  const source = await writeFolder(join(temp.path, 'set'), await tree());
  const { manifest, hash, report } = await importWith(source, MAPPING);
  expect(
    manifest.samples.map(({ path, split, label, defectType, mask }) => [
      ...[path, split, label, defectType],
      mask !== null,
    ]),
  ).toEqual([
    ['bolt/Fehler/Loch/1.png', 'test', 'anomalous', 'Loch', true],
    ['bolt/Fehler/Riss/1.png', 'test', 'anomalous', 'crack', true],
    ['bolt/Gut/1.png', 'train', 'normal', null, false],
    ['bolt/Gut/2.png', 'train', 'normal', null, false],
    ['bolt/Kontrolle/1.png', 'test', 'normal', null, false],
  ]);
  expect(report.categories[0]).toMatchObject({
    train: 2,
    testNormal: 1,
    testAnomalous: 2,
    masks: 2,
  });
  const zip = await writeZip(join(temp.path, 'set.zip'), await tree());
  expect((await importWith(zip, MAPPING)).hash).toBe(hash);
});

it('a folder of each path may be the category', async () => {
  const made: Tree = {};
  for (const [index, part] of ['bolt', 'nut'].entries()) {
    made[`parts/${part}/fine/1.png`] = await makeImage(index);
    made[`parts/${part}/off/1.png`] = await makeImage(index + 50);
  }
  const { manifest } = await importWith(await writeFolder(join(temp.path, 'two'), made), {
    category: { folder: 2 },
    folders: [
      { path: 'parts/*/fine', is: 'train-normal' },
      { path: '**/off/*.png', is: 'test-anomalous' },
    ],
  });
  expect(manifest.samples.map(({ category, defectType }) => [category, defectType])).toEqual([
    ['bolt', null],
    ['bolt', 'off'],
    ['nut', null],
    ['nut', 'off'],
  ]);
});

it('what a survey proposes is a mapping that imports', async () => {
  const source = await writeFolder(join(temp.path, 'Größe 2'), await tree());
  const { folders, proposal } = await surveySource(source);
  expect(folders.map(({ path, images }) => [path, images])).toEqual([
    ['Fehler/Loch', 1],
    ['Fehler/Masken/Loch', 1],
    ['Fehler/Masken/Riss', 1],
    ['Fehler/Riss', 1],
    ['Gut', 2],
    ['Kontrolle', 1],
  ]);
  expect(proposal.folders.map(({ is }) => is)).toEqual([
    ...['test-anomalous', 'masks', 'masks', 'test-anomalous', 'train-normal', 'ignore'],
  ]);
  const named = proposal.folders.map((folder) =>
    folder.is === 'masks' ? { ...folder, name: '{name}_seg' } : folder,
  );
  const { manifest } = await importWith(source, { ...proposal, folders: named });
  expect(manifest.samples).toHaveLength(4);
  expect(manifest.samples.filter(({ mask }) => mask !== null)).toHaveLength(2);
});

describe.each([
  [
    'a folder that is not there',
    [
      { path: 'Gut', is: 'train-normal' },
      { path: 'Gutt', is: 'test-normal' },
    ],
    /what Gutt is, but no image/,
  ],
  [
    'a folder that an earlier line has',
    [
      { path: 'Gut', is: 'train-normal' },
      { path: 'Gut/1.png', is: 'test-normal' },
    ],
    /Gut\/1\.png is, but no image/,
  ],
  [
    'masks that no image has',
    [
      { path: 'Gut', is: 'train-normal' },
      { path: 'Fehler/Masken', is: 'masks' },
    ],
    /1_seg\.png is a mask without an image/,
  ],
  ['nothing to learn from', [{ path: 'Gut', is: 'test-normal' }], /no normal training images/],
] as const)('a mapping with %s', (_what, folders, message) => {
  it('is refused', async () => {
    const source = await writeFolder(join(temp.path, 'set'), await tree());
    const mapping = { category: 'bolt', folders: [...folders] };
    expect((await errorOf(importWith(source, mapping))).message).toMatch(message);
  });
});

it.each([
  ['a', 'a/b/c.png', true],
  ['a', 'ab/c.png', false],
  ['.', 'a/c.png', true],
  ['*', 'c.png', true],
  ['*', 'a/c.png', false],
  ['a/*', 'a/b/c.png', false],
  ['*/good', 'a/good/x/c.png', true],
  ['**/c?.png', 'a/b/c1.png', true],
  ['**/c?.png', 'c12.png', false],
  ['a/**/d/*.png', 'a/d/1.png', true],
  ['a/**/d/*.png', 'a/b/c/d/1.png', true],
  [`${'**/*a'.repeat(60)}b`, `${'aaaa/'.repeat(800)}a.png`, false],
])('the pattern %s and %s: %s', (pattern, path, expected) => {
  expect(matcherOf(pattern)(path)).toBe(expected);
});
