/** @file A mask that is drawn: set, replaced, taken away, refused where it can't be right; and it survives an export. */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DatasetChange, Sample } from '@plumbline/contracts';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { exportZip } from '../export/export-dataset.ts';
import { maskPng, readAnyMask } from '../images/mask-png.ts';
import { type ImportedDataset, importDataset } from '../import/import-dataset.ts';
import { type BlobStore, openFolderBlobStore } from '../store/blob-store.ts';
import { openKeptLooks } from '../store/kept-looks.ts';
import {
  makeCategory,
  makeImage,
  makeTempFolder,
  type TempFolder,
  writeFolder,
} from '../testing/dataset-files.ts';
import { columns, HEIGHT, MASK, WIDTH } from '../testing/import-masks.ts';
import { editDataset } from './edit-dataset.ts';

let temp: TempFolder;
let blobs: BlobStore;
let imported: ImportedDataset;
let defect: Sample;

beforeEach(async () => {
  temp = await makeTempFolder();
  const source = await writeFolder(join(temp.path, 'set'), await makeCategory('bolt'));
  blobs = openFolderBlobStore(join(temp.path, 'blobs'));
  imported = await importDataset({ source, blobs });
  const found = imported.manifest.samples.find(({ label }) => label === 'anomalous');
  if (found === undefined) throw new Error('no anomalous sample');
  defect = found;
});
afterEach(() => temp.remove());

const edited = (changes: DatasetChange[], from = imported) =>
  editDataset({
    ...{ manifest: from.manifest, changes, added: new Map(), blobs },
    looks: openKeptLooks(join(temp.path, 'looks')),
  });
const sampleIn = (dataset: ImportedDataset, path = defect.path) =>
  dataset.manifest.samples.find((sample) => sample.path === path);

/** Marks the first columns. */
function put(marked: number, width = defect.image.width, height = defect.image.height) {
  const data = Uint8Array.from({ length: width * height }, (_, i) => Number(i % width < marked));
  return maskPng({ width, height, data }).then((png) => blobs.put(png));
}

async function exportedAndImported({ hash, manifest }: ImportedDataset): Promise<ImportedDataset> {
  const zip = join(temp.path, `${hash}.zip`);
  const version = {
    ...{ name: 'bolts', version: 2, datasetVersion: 'v2', createdAt: new Date(0) },
    ...{ hash, manifest, provenance: { license: '', source: '' } },
  };
  await pipeline(exportZip(version, blobs), createWriteStream(zip));
  return importDataset({ source: zip, blobs });
}

it('replaces a mask and takes it away; the image and its path stay', async () => {
  const mask = await put(3);
  const set = await edited([{ kind: 'setMask', path: defect.path, mask }]);
  const { width, height } = defect.image;
  expect(sampleIn(set)).toMatchObject({ ...defect, mask: { sha256: mask, width, height } });
  expect(set.report.images).toBe(imported.report.images);
  const removed = await edited([{ kind: 'setMask', path: defect.path, mask: null }], set);
  expect(sampleIn(removed)).toEqual({ ...defect, mask: null });
  expect(removed.report.warnings.map(({ code }) => code)).toContain('SOME_MASKS_MISSING');
});

it('lies on an image as it is seen, where EXIF turns it', async () => {
  const file = 'bolt/test/scratch/0.png';
  const { [MASK]: _, ...tree } = await makeCategory('bolt');
  // On its side as stored, and a square one upside down: nothing but the file says so.
  for (const { orientation, size } of [
    { orientation: 6, size: { width: WIDTH, height: HEIGHT } },
    { orientation: 3, size: { width: 20, height: 20 } },
  ]) {
    const turned = await sharp(await makeImage(7, size))
      .withMetadata({ orientation })
      .jpeg()
      .toBuffer();
    const source = await writeFolder(join(temp.path, `turned-${orientation}`), {
      ...tree,
      [file]: turned,
    });
    const from = await importDataset({ source, blobs });
    const image = sampleIn(from, file)?.image ?? defect.image;
    const isOnSide = orientation === 6;
    expect([image.width, image.height]).toEqual(
      isOnSide ? [size.height, size.width] : [size.width, size.height],
    );
    const mask = await put(3, image.width, image.height);
    const change: DatasetChange = { kind: 'setMask', path: file, mask };
    // Of equal size however it was drawn: whoever drew it has to say.
    if (!isOnSide) await expect(edited([change], from)).rejects.toThrow('EXIF orientation (3)');
    const set = await edited([isOnSide ? change : { ...change, lies: 'upright' }], from);
    expect(sampleIn(set, file)?.mask).toMatchObject({ sha256: mask });
    if (isOnSide) {
      const asStored = await put(3, size.width, size.height);
      await expect(edited([{ ...change, mask: asStored }], from)).rejects.toThrow('its image is');
    }
    expect((await exportedAndImported(set)).hash).toBe(set.hash);
  }
});

it('comes with a label, in one change of two', async () => {
  const normal = imported.manifest.samples.find(({ split }) => split === 'train')?.path ?? '';
  const mask: DatasetChange = { kind: 'setMask', path: normal, mask: await put(2) };
  await expect(edited([mask])).rejects.toThrow('is a normal image');
  const both = await edited([
    mask,
    { kind: 'relabel', paths: [normal], label: 'anomalous', defectType: 'dent' },
  ]);
  expect(both.manifest.samples.find(({ defectType }) => defectType === 'dent')).toMatchObject({
    mask: { sha256: mask.mask },
    split: 'test',
  });
});

it('refuses what an import would refuse', async () => {
  const set = (mask: string, more: object = {}) =>
    edited([{ kind: 'setMask', path: defect.path, mask, ...more }]);
  const { width, height } = defect.image;
  await expect(set(await put(2, width + 1, height))).rejects.toThrow('its image is');
  const large = await put(width - 1);
  await expect(set(large)).rejects.toThrow('more than half');
  expect(sampleIn(await set(large, { masks: 'as-is' }))?.mask?.sha256).toBe(large);
  await expect(set(await put(0))).rejects.toThrow('marks no pixel');
  await expect(set('f'.repeat(64))).rejects.toThrow('not stored');
  await expect(set(defect.image.sha256)).rejects.toThrow('not a mask of black and white');
});

it('is in an export, which imports as the same version', async () => {
  const set = await edited([{ kind: 'setMask', path: defect.path, mask: await put(3) }]);
  expect((await exportedAndImported(set)).hash).toBe(set.hash);
});

it('reads any mask that an import reads, and makes black and white of it', async () => {
  const smooth = await readAnyMask(await columns([255, 255, 200, 90, 30]), 'smooth.png', undefined);
  expect(smooth).toMatchObject({ width: WIDTH, height: HEIGHT });
  expect([...smooth.data.subarray(0, 6)]).toEqual([1, 1, 1, 0, 0, 0]);
  const inverted = await readAnyMask(await columns([255]), 'first.png', 'inverted');
  expect([...inverted.data.subarray(0, 3)]).toEqual([0, 1, 1]);
  await expect(readAnyMask(await columns([]), 'none.png', undefined)).rejects.toThrow('no pixel');
});
