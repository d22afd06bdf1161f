/** @file Blobs on their way into the store, on a real folder. */
import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { filesBelow, makeTempFolder, type TempFolder } from '../testing/dataset-files.ts';
import { blobKey } from './blob-key.ts';
import { type BlobStore, openFolderBlobStore } from './blob-store.ts';
import { sha256Of } from './sha256.ts';

let temp: TempFolder;
let blobs: BlobStore;
const pathOf = (sha256: string) => join(temp.path, blobKey(sha256));

beforeEach(async () => {
  temp = await makeTempFolder();
  blobs = openFolderBlobStore(temp.path);
});
afterEach(() => temp.remove());

it('is no part of the store before it is committed, and then only what was asked for', async () => {
  const staging = await blobs.stage();
  const wanted = await staging.add(Buffer.from('wanted'));
  const other = await staging.add(Buffer.from('other'));
  expect(await blobs.has(wanted)).toBe(false);
  expect(Buffer.from(await staging.read(wanted)).toString()).toBe('wanted');
  await staging.commit([wanted, wanted]);
  await staging.discard();
  expect([await blobs.has(wanted), await blobs.has(other)]).toEqual([true, false]);
  expect(await filesBelow(temp.path)).toEqual([pathOf(wanted)]);
});

it('writes equal bytes once, and none that the store has', async () => {
  const known = await blobs.put(Buffer.from('known'));
  const staging = await blobs.stage();
  const same = ['known', 'new', 'new'].map((text) => staging.add(Buffer.from(text)));
  const [, added = ''] = await Promise.all(same);
  expect(Buffer.from(await staging.read(added)).toString()).toBe('new');
  expect(await filesBelow(join(temp.path, 'staging'))).toHaveLength(1);
  expect(Buffer.from(await staging.read(known)).toString()).toBe('known');
  await staging.commit([known, added]);
  await staging.discard();
  expect((await filesBelow(temp.path)).sort()).toEqual([pathOf(known), pathOf(added)].sort());
});

it('says what could not be written before anything becomes part of the store', async () => {
  const staging = await blobs.stage();
  const first = await staging.add(Buffer.from('first'));
  await staging.read(first);
  await rm(join(temp.path, 'staging'), { recursive: true });
  await expect(staging.add(Buffer.from('second'))).rejects.toThrow('ENOENT');
  await expect(staging.commit([first])).rejects.toThrow('ENOENT');
  await staging.discard();
  expect(await filesBelow(temp.path)).toEqual([]);
});

it.each([
  ['small', 20e3, 80],
  ['large', 20e6, 6],
])('holds no bytes that were added: %s ones can be written over', async (_, length, count) => {
  const staging = await blobs.stage();
  const add = async (fill: number): Promise<string> => {
    const bytes = Buffer.alloc(length, fill);
    const sha256 = await staging.add(bytes);
    bytes.fill(0xff);
    return sha256;
  };
  const added = await Promise.all(Array.from({ length: count }, (_, i) => add(i)));
  for (const sha256 of added) expect(sha256Of(await staging.read(sha256))).toBe(sha256);
  await staging.commit(added);
  await staging.discard();
  for (const sha256 of added) expect((await blobs.read(sha256)).length).toBe(length);
});

it('removes what an import that died a day ago has left, and nothing younger', async () => {
  for (const name of ['dead', 'alive']) {
    await mkdir(join(temp.path, 'staging', name), { recursive: true });
    await writeFile(join(temp.path, 'staging', name, 'blob'), '');
  }
  const long = Date.now() / 1000 - 25 * 3600;
  await utimes(join(temp.path, 'staging', 'dead'), long, long);
  await blobs.stage();
  expect(await filesBelow(temp.path)).toEqual([join(temp.path, 'staging', 'alive', 'blob')]);
});
