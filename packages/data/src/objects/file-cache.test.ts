/** @file Copies on this machine as files: fetched once, checked, bounded, and those that are needed stay. */
import { rmSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sha256Of } from '../store/sha256.ts';
import { KEPT_MS, openFileCache, type WantedFile } from './file-cache.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-file-cache-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Source extends WantedFile {
  readonly bytes: Buffer;
  fetches: number;
}

/** @param given What the store gives in place of them. */
function source(bytes: Buffer, given: () => Iterable<Uint8Array> = () => [bytes]): Source {
  const wanted: Source = {
    ...{ name: 's3://parts/bundles/run.1/model.onnx', sha256: sha256Of(bytes), bytes, fetches: 0 },
    async fetch() {
      wanted.fetches += 1;
      return { bytes: bytes.length, stream: Readable.from(given(), { objectMode: false }) };
    },
  };
  return wanted;
}

const model = (fill: string) => Buffer.alloc(40_000, fill);
const placeOf = ({ sha256 }: WantedFile) => join(folder, sha256.slice(0, 2), sha256.slice(2));
const unfinished = () => readdir(join(folder, 'unfinished'));

it('fetches once for all that ask at the same time, and gives whole files to processes that fetch at once', async () => {
  const caches = Array.from({ length: 4 }, () => openFileCache(folder, 1e6));
  const half = model('a').subarray(0, 20_000);
  const wanted = source(model('a'), () => [half, half]);
  const paths = await Promise.all(caches.flatMap((one) => [one.path(wanted), one.path(wanted)]));
  expect(new Set(paths)).toEqual(new Set([placeOf(wanted)]));
  expect(wanted.fetches).toBeLessThanOrEqual(caches.length);
  expect((await stat(placeOf(wanted))).size).toBe(40_000);
  expect(await unfinished()).toEqual([]);
  const before = wanted.fetches;
  await caches[0]?.path(wanted);
  expect(wanted.fetches).toBe(before);
});

it('removes what was not used for the longest time, and never what is needed at the moment', async () => {
  const cache = openFileCache(folder, 100_000);
  const [served, idle, other] = [source(model('a')), source(model('b')), source(model('c'))];
  await cache.path(served);
  await cache.path(idle);
  await utimes(placeOf(idle), 1, 1);
  await cache.write(other.sha256, other.bytes);
  expect(await cache.read(idle.sha256)).toBeNull();
  for (const one of [served, other]) expect(await cache.read(one.sha256)).toEqual(one.bytes);
  // A read does not end the time that it stays.
  const { mtimeMs } = await stat(placeOf(served));
  expect(mtimeMs).toBeGreaterThan(Date.now() + KEPT_MS / 2);
  await utimes(placeOf(served), 1, 1);
  await cache.keep(served.sha256);
  await cache.keep(idle.sha256);
  for (const fill of ['d', 'e', 'f']) await cache.write(sha256Of(model(fill)), model(fill));
  expect(await cache.read(served.sha256)).toEqual(served.bytes);
  await utimes(placeOf(served), 1, 1);
  for (const fill of ['g', 'h']) await cache.write(sha256Of(model(fill)), model(fill));
  expect(await cache.read(served.sha256)).toBeNull();
});

it('fetches anew what was damaged or deleted, with the whole folder too', async () => {
  const cache = openFileCache(folder, 1e6);
  const wanted = source(model('a'));
  await cache.path(wanted);
  await writeFile(placeOf(wanted), 'damaged');
  expect(await cache.open(wanted.sha256)).toBeNull();
  expect(await cache.path(wanted)).toBe(placeOf(wanted));
  expect(await cache.read(wanted.sha256)).toEqual(wanted.bytes);
  await rm(folder, { recursive: true });
  await cache.path(wanted);
  expect(wanted.fetches).toBe(3);
  // While it is on its way.
  const late = source(model('b'), function* () {
    yield late.bytes.subarray(0, 100);
    if (late.fetches === 1) rmSync(folder, { recursive: true });
    yield late.bytes.subarray(100);
  });
  await cache.path(late);
  expect([late.fetches, await cache.read(late.sha256)]).toEqual([2, late.bytes]);
});

it('keeps nothing of a source that has other bytes, ends in the middle, or has no such file', async () => {
  const cache = openFileCache(folder, 1e6);
  const other = source(model('a'), () => [model('b')]);
  await expect(cache.path(other)).rejects.toMatchObject({
    ...{ code: 'DEFECT', message: expect.stringContaining(other.name) },
  });
  const cut = source(model('c'), function* () {
    yield Buffer.from('half');
    throw new Error('the server went away');
  });
  await expect(cache.path(cut)).rejects.toThrow('the server went away');
  const none = { ...source(model('d')), fetch: async () => null };
  await expect(cache.path(none)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(await unfinished()).toEqual([]);
  for (const one of [other, cut, none]) expect(await cache.open(one.sha256)).toBeNull();
});
