/** @file What is exported and imported again is the same version, whatever the layout can't say. */
import { createWriteStream } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { type DatasetChange, EXPORT_FILE } from '@plumbline/contracts';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { editDataset } from '../edit/edit-dataset.ts';
import { type ImportedDataset, importDataset } from '../import/import-dataset.ts';
import { openSource } from '../sources/open-source.ts';
import { type BlobStore, openFolderBlobStore } from '../store/blob-store.ts';
import { openKeptLooks } from '../store/kept-looks.ts';
import {
  makeCategory,
  makeImage,
  makeTempFolder,
  type TempFolder,
  type Tree,
  writeFolder,
} from '../testing/dataset-files.ts';
import { maskOf } from '../testing/import-masks.ts';
import { makeTiff } from '../testing/make-tiff.ts';
import { errorOf } from '../testing/refusal-of.ts';
import { exportCsv, exportJson, exportZip, type VersionToExport } from './export-dataset.ts';
import { folderIds, portableFileName } from './portable-names.ts';

let folder: TempFolder;
let blobs: BlobStore;
let odd: ImportedDataset;
let exported: VersionToExport;
let archive: string;

beforeAll(async () => {
  folder = await makeTempFolder();
  blobs = openFolderBlobStore(join(folder.path, 'blobs'));
  odd = await importOdd();
  exported = toExport(odd);
  archive = await write('odd.zip', exported);
});
afterAll(() => folder.remove());

const deep = (seed: number) =>
  makeTiff(
    Uint16Array.from({ length: 24 * 16 }, (_, i) => (i * 131 + seed * 977) % 3900),
    24,
    16,
  );

/** Odd names, several defect types, masks of every kind, 12 bits in 16. */
async function importOdd(): Promise<ImportedDataset> {
  const category = 'Förder band (ß) 2';
  const at = (path: string) => `${category}/${path}`;
  const kinds = await maskOf((i) => (i < 30 ? 3 : i < 60 ? 7 : 0));
  const tree: Tree = {
    ...(await makeCategory('bolt')),
    ...(await makeCategory('目')),
    ...(await makeCategory(category, { shade: 60 })),
    [at('test/Kratzer tief/Ä 1.png')]: await makeImage(190),
    [at('ground_truth/Kratzer tief/Ä 1_mask.png')]: kinds,
    [at('test/aux/2.bmp.png')]: await makeImage(191),
    [at('ground_truth/aux/2.bmp_mask.png')]: await sharp(
      await maskOf((i) => (i < 40 ? 250 : i < 44 ? 90 : 0)),
    )
      .jpeg()
      .toBuffer(),
    'deep/test/hole/0.tif': deep(90),
    'deep/ground_truth/hole/0.tif': makeTiff(new Uint8Array(24 * 16).fill(1, 0, 20), 24, 16),
    'deep/test/good/0.tif': deep(91),
  };
  for (let i = 0; i < 10; i++) tree[`deep/train/good/${i}.tif`] = deep(i);
  const source = await writeFolder(join(folder.path, 'odd'), tree);
  return importDataset({ source, blobs });
}

function toExport({ manifest, hash }: ImportedDataset): VersionToExport {
  return {
    ...{ name: 'odd', version: 1, datasetVersion: `v1-${hash.slice(0, 12)}`, hash, manifest },
    createdAt: new Date(2026, 0, 1),
    provenance: { license: 'CC-BY-4.0', source: 'line 3' },
  };
}

async function write(name: string, version: VersionToExport): Promise<string> {
  const path = join(folder.path, name);
  await pipeline(exportZip(version, blobs), createWriteStream(path));
  return path;
}

/** Of another machine: nothing is there before. */
const importAgain = (source: string) =>
  importDataset({
    source,
    blobs: openFolderBlobStore(join(folder.path, `elsewhere-${Math.random()}`)),
  });

async function unpack(): Promise<string> {
  const source = await openSource(archive);
  const tree: Tree = {};
  for (const { path } of source.files) tree[path] = await source.read(path);
  await source.close();
  return writeFolder(join(folder.path, `unpacked-${Math.random()}`), tree);
}

it('has the same hash again, with names, kinds of masks and ranges of values, zipped and unpacked', async () => {
  const rules = odd.manifest.samples.filter(({ maskRule }) => maskRule !== undefined);
  expect(rules.length).toBeGreaterThanOrEqual(1);
  const again = await importAgain(archive);
  expect(again.hash).toBe(odd.hash);
  expect(again.manifest).toEqual(odd.manifest);
  expect(again.provenance).toEqual(exported.provenance);
  expect(again.report.categories).toEqual(odd.report.categories);
  expect((await importAgain(await unpack())).hash).toBe(odd.hash);
});

it('is the MVTec layout to other tools: plain folders, names of files kept, masks as PNG of 0 and 255', async () => {
  const root = join(await unpack(), 'odd-v1');
  const folders = await readdir(root);
  expect(folders.sort()).toEqual(
    [EXPORT_FILE, 'Forder_band_ss_2', 'bolt', 'deep', 'folder', 'original_masks'].sort(),
  );
  expect(await readdir(join(root, 'Forder_band_ss_2/test'))).toContain('folder_aux');
  expect(await readdir(join(root, 'Forder_band_ss_2/test/Kratzer_tief'))).toEqual(['Ä 1.png']);
  const mask = sharp(join(root, 'deep/ground_truth/hole/0_mask.png'));
  expect((await mask.metadata()).format).toBe('png');
  const { data } = await mask.raw().toBuffer({ resolveWithObject: true });
  expect([...new Set(data)].sort()).toEqual([0, 255]);
  // Without the list it is a dataset of its own, in which nothing is lost but the odd names.
  await rm(join(root, EXPORT_FILE));
  await rm(join(root, 'original_masks'), { recursive: true });
  const plain = await importAgain(root);
  expect(plain.report.images).toBe(odd.report.images);
  expect(plain.report.categories.map(({ masks }) => masks).sort()).toEqual(
    odd.report.categories.map(({ masks }) => masks).sort(),
  );
  const rangeOf = ({ manifest }: ImportedDataset) =>
    manifest.samples.find(({ category }) => category === 'deep')?.range;
  expect(rangeOf(plain)).toEqual(rangeOf(odd));
});

const EDGE: [number, number][] = [
  [0, 0],
  [0.1, 0],
  [0.1, 1],
];

it('keeps what was excluded, moved, relabeled and ignored', async () => {
  const changes: DatasetChange[] = [
    { kind: 'exclude', paths: ['bolt/train/good/0.png'] },
    { kind: 'move', paths: ['bolt/train/good/1.png'], split: 'test' },
    { kind: 'relabel', paths: ['bolt/test/good/0.png'], label: 'anomalous', defectType: 'a b' },
    { kind: 'setIgnore', category: 'bolt', polygons: [EDGE] },
  ];
  const looks = openKeptLooks(join(folder.path, 'looks'));
  const edited = await editDataset({
    ...{ manifest: odd.manifest, changes, blobs, looks },
    added: new Map(),
  });
  const again = await importAgain(await write('edited.zip', toExport(edited)));
  expect(again.hash).toBe(edited.hash);
  expect(again.manifest.ignore).toEqual([{ category: 'bolt', polygons: [EDGE] }]);
  expect(again.hash).not.toBe(odd.hash);
});

it('refuses what was changed since, and says how to take it as it is', async () => {
  const root = join(await unpack(), 'odd-v1');
  const image = join(root, 'bolt/train/good/3.png');
  const bytes = await readFile(image);
  await writeFile(image, await makeImage(250));
  const other = await errorOf(importAgain(root));
  expect(other).toMatchObject({ file: 'bolt/train/good/3.png' });
  expect(other.fix).toContain(`Delete ${EXPORT_FILE}`);
  await rm(image);
  expect((await errorOf(importAgain(root))).message).toContain('is not there');
  await writeFile(image, bytes);
  await writeFile(join(root, 'bolt/train/good/new.png'), await makeImage(251));
  expect(await errorOf(importAgain(root))).toMatchObject({ file: 'bolt/train/good/new.png' });
  await rm(join(root, 'bolt/train/good/new.png'));
  const list = join(root, EXPORT_FILE);
  await writeFile(
    list,
    (await readFile(list, 'utf8')).replace('"split":"train"', '"split":"test"'),
  );
  expect((await errorOf(importAgain(root))).message).toContain('another hash');
});

it('lists its samples as JSON, as it is in the archive, and as CSV', async () => {
  const source = await openSource(archive);
  const listed = Buffer.from(await source.read(`odd-v1/${EXPORT_FILE}`)).toString();
  await source.close();
  expect(await text(Readable.from(exportJson(exported)))).toBe(listed);
  const lines = [...exportCsv(exported)].join('').trimEnd().split('\r\n');
  expect(lines).toHaveLength(odd.manifest.samples.length + 1);
  expect(lines[0]).toContain('file,sha256,bytes');
  expect(lines.find((line) => line.includes('deep/test/hole'))).toContain('0,4095');
});

it('ends in an error, not in half an archive, where an image is gone', async () => {
  const gone = { read: () => Promise.reject(new Error('gone')) };
  await expect(text(exportZip(exported, gone))).rejects.toThrow('gone');
});

it('gives different names different ids, and leaves names of files that every system takes', () => {
  const ids = folderIds(['a b', 'a_b', 'A?B', 'con', '目', '漢', 'nut.']);
  expect(Object.fromEntries(ids)).toEqual({
    ...{ 'a b': 'a_b_2', a_b: 'a_b', 'A?B': 'A_B_3', con: 'folder_con' },
    ...{ 目: 'folder', 漢: 'folder_2', 'nut.': 'nut' },
  });
  expect(
    ['Ä 1.png', 'a:b?.png', 'nul.png', `${'ä'.repeat(150)}.png`].map(portableFileName),
  ).toEqual([...['Ä 1.png', 'a_b_.png', '_nul.png', `${'ä'.repeat(98)}.png`]]);
});
