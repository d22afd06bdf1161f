/** @file Files of a source are read once: what was checked is what is stored. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BlobStore, openFolderBlobStore } from '../store/blob-store.ts';
import { sha256Of } from '../store/sha256.ts';
import {
  filesBelow,
  makeCategory,
  makeTempFolder,
  type TempFolder,
  type Tree,
  writeFolder,
} from '../testing/dataset-files.ts';
import { makeTiff } from '../testing/make-tiff.ts';
import { importDataset } from './import-dataset.ts';

let temp: TempFolder;
let blobs: BlobStore;
let blobRoot: string;

beforeEach(async () => {
  temp = await makeTempFolder();
  blobRoot = join(temp.path, 'blobs');
  blobs = openFolderBlobStore(blobRoot);
});
afterEach(() => temp.remove());

describe('files are read once', () => {
  it('so what was checked is stored, even of a source that is gone by then', async () => {
    const source = await writeFolder(join(temp.path, 'set'), await makeCategory('bolt'));
    const expected = await importDataset({ source, blobs: openFolderBlobStore(`${blobRoot}-2`) });
    const { manifest, hash } = await importDataset({
      source,
      blobs,
      onProgress: (checked, total) => {
        if (checked === total) rmSync(source, { recursive: true });
      },
    });
    expect(existsSync(source)).toBe(false);
    expect(hash).toBe(expected.hash);
    const stored = manifest.samples.flatMap(({ image, mask }) => [image, ...(mask ? [mask] : [])]);
    for (const { sha256 } of stored) expect(sha256Of(await blobs.read(sha256))).toBe(sha256);
    expect(await filesBelow(blobRoot)).toHaveLength(new Set(stored.map((b) => b.sha256)).size);
  });

  it('also those of more than 8 bits, which are decoded twice', async () => {
    const tree: Tree = {};
    for (let i = 0; i < 3; i++)
      tree[`bolt/train/good/${i}.tif`] = makeTiff(new Uint16Array(64).fill(900 + 64 * i), 8, 8);
    const source = await writeFolder(join(temp.path, 'deep'), tree);
    const { manifest } = await importDataset({
      source,
      blobs,
      onProgress: (checked) => {
        if (checked === 3) rmSync(source, { recursive: true, force: true });
      },
    });
    expect(existsSync(source)).toBe(false);
    expect(manifest.samples.map(({ range }) => range)).toEqual(
      [0, 1, 2].map(() => ({ low: 0, high: 2047 })),
    );
  });
});
