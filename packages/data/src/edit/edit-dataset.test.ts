/** @file A change of a dataset looks at no image that was looked at before, and says what looking says. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetChange } from '@plumbline/contracts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ImportedDataset, importDataset } from '../import/import-dataset.ts';
import { type BlobStore, openFolderBlobStore } from '../store/blob-store.ts';
import { openKeptLooks } from '../store/kept-looks.ts';
import {
  filesBelow,
  makeCategory,
  makeTempFolder,
  type TempFolder,
  writeFolder,
} from '../testing/dataset-files.ts';
import { editDataset } from './edit-dataset.ts';

let temp: TempFolder;
let blobs: BlobStore;
let imported: ImportedDataset;
const read: string[] = [];

beforeEach(async () => {
  temp = await makeTempFolder();
  const source = await writeFolder(join(temp.path, 'set'), await makeCategory('bolt'));
  const stored = openFolderBlobStore(join(temp.path, 'blobs'));
  blobs = {
    ...stored,
    read: (sha256) => {
      read.push(sha256);
      return stored.read(sha256);
    },
  };
  imported = await importDataset({ source, blobs, looks: looksOf('looks') });
  read.length = 0;
});
afterEach(() => temp.remove());

const looksOf = (name: string) => openKeptLooks(join(temp.path, name));

function edited(looks: string, changes: DatasetChange[]): Promise<ImportedDataset> {
  const { manifest } = imported;
  return editDataset({ manifest, changes, added: new Map(), blobs, looks: looksOf(looks) });
}

it('reads what it has not seen as it is now: an image that became normal has a picture', async () => {
  const { samples } = imported.manifest;
  const defect = samples.find(({ label }) => label === 'anomalous');
  const training = samples.find(({ split }) => split === 'train');
  const exclude: DatasetChange = { kind: 'exclude', paths: [training?.path ?? ''] };
  const relabel: DatasetChange = { kind: 'relabel', paths: [defect?.path ?? ''], label: 'normal' };
  const excluded = await edited('looks', [exclude]);
  expect(read).toEqual([]);
  const anew = await edited('none', [exclude]);
  expect(read.length).toBeGreaterThanOrEqual(excluded.manifest.samples.length);
  expect(excluded).toEqual(anew);

  read.length = 0;
  const relabeled = await edited('looks', [relabel]);
  expect(new Set(read)).toEqual(new Set([defect?.image.sha256]));
  expect(relabeled.pictures.has(defect?.image.sha256 ?? '')).toBe(true);
  expect(relabeled).toEqual(await edited('none', [relabel]));
});

const DAMAGES: [string, string, (file: string) => Promise<void>][] = [
  ['cut short', '.looks', async (file) => writeFile(file, (await readFile(file)).subarray(0, 40))],
  ['gone', '.looks', (file) => rm(file)],
  ['cut short', '.pictures', async (file) => writeFile(file, (await readFile(file)).subarray(9))],
  ['all zeros', '.pictures', async (file) => writeFile(file, (await readFile(file)).fill(0))],
  ['gone', '.pictures', (file) => rm(file)],
];

it.each(DAMAGES)('learns anew what is %s in the cache: %s', async (_, end, damage) => {
  const { path } = imported.manifest.samples[0] ?? { path: '' };
  const exclude: DatasetChange[] = [{ kind: 'exclude', paths: [path] }];
  const expected = await edited('looks', exclude);
  expect(read).toEqual([]);
  const files = await filesBelow(join(temp.path, 'looks'));
  await Promise.all(files.filter((file) => file.endsWith(end)).map(damage));
  expect(await edited('looks', exclude)).toEqual(expected);
  expect(read.length).toBeGreaterThan(0);
  read.length = 0;
  expect(await edited('looks', exclude)).toEqual(expected);
  expect(read).toEqual([]);
});
