/** @file The blob store on a real folder. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { filesBelow, makeTempFolder, type TempFolder } from '../testing/dataset-files.ts';
import { openFolderBlobStore } from './blob-store.ts';

let temp: TempFolder;

beforeEach(async () => {
  temp = await makeTempFolder();
});
afterEach(() => temp.remove());

it('keeps bytes under their hash, once', async () => {
  const blobs = openFolderBlobStore(join(temp.path, 'blobs'));
  const bytes = Buffer.from('pixels');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect(await blobs.has(sha256)).toBe(false);
  expect(await Promise.all([blobs.put(bytes), blobs.put(bytes), blobs.put(bytes)])).toEqual([
    sha256,
    sha256,
    sha256,
  ]);
  expect(await blobs.has(sha256)).toBe(true);
  expect(Buffer.from(await blobs.read(sha256))).toEqual(bytes);
  expect(blobs.path(sha256)).toBe(join(temp.path, 'blobs', sha256.slice(0, 2), sha256.slice(2)));
  expect(await filesBelow(temp.path)).toEqual([blobs.path(sha256)]);
});

it('refuses what is no hash and names a missing one', async () => {
  const blobs = openFolderBlobStore(temp.path);
  expect(() => blobs.path('../../etc/passwd')).toThrow('not a SHA-256');
  await expect(blobs.read('0'.repeat(64))).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
