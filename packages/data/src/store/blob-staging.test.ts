/** @file Blobs on their way into the store, on a real folder. */
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { filesBelow, makeTempFolder, type TempFolder } from '../testing/dataset-files.ts';
import { type BlobStore, openFolderBlobStore } from './blob-store.ts';

let temp: TempFolder;
let blobs: BlobStore;

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
  expect(await filesBelow(temp.path)).toEqual([blobs.path(wanted)]);
});

it('writes equal bytes once, and none that the store has', async () => {
  const known = await blobs.put(Buffer.from('known'));
  const staging = await blobs.stage();
  const same = ['known', 'new', 'new'].map((text) => staging.add(Buffer.from(text)));
  const [, added] = await Promise.all(same);
  expect(await filesBelow(join(temp.path, 'staging'))).toHaveLength(1);
  expect(Buffer.from(await staging.read(known)).toString()).toBe('known');
  await staging.commit([known, added ?? '']);
  await staging.discard();
  expect((await filesBelow(temp.path)).sort()).toEqual(
    [blobs.path(known), blobs.path(added ?? '')].sort(),
  );
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
