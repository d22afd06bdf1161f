/** @file The blob store on a real folder. */
import { createHash } from 'node:crypto';
import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { filesBelow, makeTempFolder, type TempFolder } from '../testing/dataset-files.ts';
import { blobKey } from './blob-key.ts';
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
  expect(await filesBelow(temp.path)).toEqual([
    join(temp.path, 'blobs', sha256.slice(0, 2), sha256.slice(2)),
  ]);
});

it('refuses what is no hash and names a missing one', async () => {
  const blobs = openFolderBlobStore(temp.path);
  await expect(blobs.read('../../etc/passwd')).rejects.toThrow('not a SHA-256');
  await expect(blobs.read('0'.repeat(64))).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

it('gives back no bytes but those that were stored, and an import replaces damaged ones', async () => {
  const blobs = openFolderBlobStore(temp.path);
  const bytes = Buffer.from('a photo');
  const sha256 = await blobs.put(bytes);
  await writeFile(join(temp.path, blobKey(sha256)), 'a phoXo');
  await expect(blobs.read(sha256)).rejects.toMatchObject({ code: 'DEFECT' });
  const staging = await blobs.stage();
  await staging.add(bytes);
  await staging.commit([sha256]);
  await staging.discard();
  expect(Buffer.from(await blobs.read(sha256))).toEqual(bytes);
});

it('lists and removes what was not used since, and an import renews what it uses', async () => {
  const blobs = openFolderBlobStore(temp.path);
  const [old, used] = [await blobs.put(Buffer.from('old')), await blobs.put(Buffer.from('used'))];
  for (const sha256 of [old, used]) await utimes(join(temp.path, blobKey(sha256)), 1, 1);
  await (await blobs.stage()).add(Buffer.from('used'));
  const found: string[] = [];
  for await (const hashes of blobs.listUnusedSince(2000)) found.push(...hashes);
  expect(found).toEqual([old]);
  expect(await blobs.removeUnusedSince(used, 2000)).toBe(false);
  expect(await blobs.removeUnusedSince(old, 2000)).toBe(true);
  await expect(blobs.assertHas([used])).resolves.toBeUndefined();
  await expect(blobs.assertHas([used, old])).rejects.toThrow(old);
});
