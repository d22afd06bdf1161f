/** @file What every store must do, on a folder and on a real S3 server, which `testing/s3-server.ts` finds. */
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { platformHome, storeSettingOf } from '@plumbline/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBlobStore } from '../store/blob-store.ts';
import { sha256Of } from '../store/sha256.ts';
import { type S3Server, s3Program, startS3Server, TEST_CREDENTIALS } from '../testing/s3-server.ts';
import { openFileCache } from './file-cache.ts';
import { openFolderStore } from './folder-store.ts';
import type { ObjectStore } from './object-store.ts';
import { openStores } from './open-stores.ts';
import { s3Client } from './s3-client.ts';
import { s3Place } from './s3-place.ts';
import { openS3Store } from './s3-store.ts';

const program = s3Program();
if (program === null)
  console.warn('No versitygw: the tests of the S3 store are skipped. See testing/s3-server.ts.');
/** The least that the protocol allows. */
const PART = 5 * 2 ** 20;
let root: string;
let server: S3Server | null = null;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumbline-objects-'));
  Object.assign(process.env, TEST_CREDENTIALS);
  if (program !== null) server = await startS3Server(program, join(root, 's3'));
});
afterAll(async () => {
  await server?.kill();
  await rm(root, { recursive: true, force: true });
});

function s3Setting() {
  if (server === null) throw new Error('There is no S3 server.');
  return server.setting;
}

function s3Store(prefix: string): ObjectStore {
  const setting = { ...s3Setting(), prefix: `home/${prefix}/` };
  const more = { scratch: join(root, 'scratch'), partBytes: PART, renewedMs: 0 };
  return openS3Store({ setting, ask: s3Client(setting), ...more });
}

/** Whole parts of uploads that the server has and nobody has completed. */
async function storedParts(): Promise<string[]> {
  const folder = join(root, 's3', s3Setting().bucket, '.sgwtmp');
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return names.filter((_, i) => sizes[i] === PART);
}

const STORES: readonly [string, boolean, (name: string) => ObjectStore][] = [
  ['a folder', true, (name) => openFolderStore(join(root, name))],
  ['a bucket', program !== null, s3Store],
];

async function keysOf(store: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of store.list(prefix)) keys.push(...page.map(({ key }) => key));
  return keys.sort();
}

for (const [title, isThere, open] of STORES) {
  describe.skipIf(!isThere)(title, () => {
    it('gives back what was put, whole, replaces it, lists it and removes it', async () => {
      const store = open('basics');
      expect(await store.get('a/b.txt')).toBeNull();
      expect([await store.stat('a/b.txt'), await store.open('a/b.txt')]).toEqual([null, null]);
      expect(await keysOf(store, '')).toEqual([]);
      await store.put('a/b.txt', Buffer.from('old'));
      await store.put('a/b.txt', Buffer.from('new'), Buffer.from('er'));
      await store.put('run-1.2', new Uint8Array());
      expect(Buffer.from((await store.get('a/b.txt')) ?? []).toString()).toBe('newer');
      expect(await store.stat('a/b.txt')).toMatchObject({ bytes: 5 });
      const opened = await store.open('a/b.txt');
      const chunks: Buffer[] = [];
      for await (const chunk of opened?.stream ?? []) chunks.push(Buffer.from(chunk));
      expect([opened?.bytes, Buffer.concat(chunks).toString()]).toEqual([5, 'newer']);
      expect(await keysOf(store, '')).toEqual(['a/b.txt', 'run-1.2']);
      expect(await keysOf(store, 'run-1')).toEqual(['run-1.2']);
      expect(await keysOf(store, 'a/')).toEqual(['a/b.txt']);
      await store.remove('a/b.txt');
      await store.remove('a/b.txt');
      expect([await store.get('a/b.txt'), await keysOf(store, '')]).toEqual([null, ['run-1.2']]);
      for (const key of ['../out', '/etc/passwd', 'a//b', '', '.hidden', 'a b'])
        await expect(async () => store.get(key)).rejects.toThrow('is no name of a stored file');
    });

    it('takes what is large in parts, and files', async () => {
      const store = open('large');
      const bytes = Buffer.alloc(2 * PART + 12_345, 'pixels');
      await store.put('parts', bytes.subarray(0, 100), bytes.subarray(100));
      expect(bytes.equals((await store.get('parts')) ?? Buffer.of())).toBe(true);
      const files = [join(root, 'one'), join(root, 'two')];
      for (const [i, path] of files.entries())
        await (await store.prepare(path, bytes.subarray(i * PART))).flushed;
      await store.take(files.map((path, i) => ({ key: `taken/${i}`, path })));
      expect(bytes.equals((await store.get('taken/0')) ?? Buffer.of())).toBe(true);
      expect(bytes.subarray(PART).equals((await store.get('taken/1')) ?? Buffer.of())).toBe(true);
      await expect(store.take([{ key: 'gone', path: join(root, 'none') }])).rejects.toThrow();
      expect(await store.get('gone')).toBeNull();
    });

    it('tells equal bytes from others, and renews what is used', async () => {
      const store = open('used');
      await store.put('image', Buffer.from('pixels'));
      const before = (await store.stat('image'))?.usedAt ?? 0;
      // A server gives whole seconds.
      await sleep(1100);
      expect(await store.holds('image', Buffer.from('pixelz'))).toBe(false);
      expect(await store.holds('image', Buffer.from('pixels'))).toBe(true);
      const held = (await store.stat('image'))?.usedAt ?? 0;
      expect(held).toBeGreaterThan(before);
      expect(await store.renew('image')).toBe(true);
      expect(Buffer.from((await store.get('image')) ?? []).toString()).toBe('pixels');
      expect([await store.renew('none'), await store.holds('none', Buffer.of())]).toEqual([
        false,
        false,
      ]);
    });

    it('two importers of the same images at once, of which one fails: the other is whole', async () => {
      const blobs = openBlobStore(open('importers'), null);
      const images = Array.from({ length: 40 }, (_, i) => Buffer.alloc(30_000, i));
      const [good, bad] = await Promise.all([blobs.stage(), blobs.stage()]);
      const hashes = await Promise.all(images.map((bytes) => good.add(bytes)));
      await Promise.all(images.map((bytes) => bad.add(bytes)));
      const outcomes = await Promise.allSettled([
        good.commit(hashes),
        bad.commit([...hashes, 'f'.repeat(64)]),
      ]);
      await Promise.all([good.discard(), bad.discard()]);
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
      for (const sha256 of hashes) expect(sha256Of(await blobs.read(sha256))).toBe(sha256);
      const found: string[] = [];
      for await (const page of blobs.listUnusedSince(Date.now() + 60_000)) found.push(...page);
      expect(found.sort()).toEqual([...hashes].sort());
      expect(await blobs.removeUnusedSince(hashes[0] ?? '', 2000)).toBe(false);
      expect(await blobs.removeUnusedSince(hashes[0] ?? '', Date.now() + 60_000)).toBe(true);
      await expect(blobs.assertHas(hashes)).rejects.toThrow(hashes[0]);
    });
  });
}

describe.skipIf(program === null)('a bucket that fails', () => {
  it('shows nothing of what a killed server had half of, and takes it again', async () => {
    const store = s3Store('killed');
    await store.put('kept', Buffer.from('as it was'));
    const bytes = Buffer.alloc(16 * PART, 'x');
    for (const key of ['new', 'kept']) {
      const before = await store.get(key);
      const known = (await storedParts()).length;
      const putting = expect(store.put(key, bytes)).rejects.toThrow('does not answer');
      while ((await storedParts()).length === known) await sleep(5);
      await server?.kill();
      await putting;
      await server?.start();
      expect(await store.get(key)).toEqual(before);
    }
    await store.put('new', bytes);
    expect((await store.get('new'))?.length).toBe(bytes.length);
  });

  it('is refused at start with what to do: no such bucket, wrong secret, no server, wrong setting', async () => {
    const setting = s3Setting();
    const claim = (more: object) => {
      const other = { ...setting, ...more };
      return s3Place(other, s3Client(other)).ensureId();
    };
    const id = await claim({});
    expect(await claim({})).toBe(id);
    expect(await claim({ prefix: 'other/' })).not.toBe(id);
    await expect(claim({ bucket: 'nobodys' })).rejects.toMatchObject({
      message: expect.stringContaining('no bucket "nobodys"'),
      fix: expect.stringContaining('PLUMBLINE_STORE'),
    });
    await expect(claim({ endpoint: 'http://127.0.0.1:9' })).rejects.toMatchObject({
      message: expect.stringContaining('does not answer'),
      fix: expect.stringContaining('AWS_ENDPOINT_URL_S3'),
    });
    process.env['AWS_SECRET_ACCESS_KEY'] = 'wrong';
    await expect(claim({})).rejects.toMatchObject({
      message: expect.stringContaining('refuses the credentials'),
      fix: expect.stringContaining('AWS_SECRET_ACCESS_KEY'),
    });
    Object.assign(process.env, TEST_CREDENTIALS);
    for (const text of ['bucket', 's3://', 's3://UPPER', 's3://parts/../x', 'https://s3/x'])
      expect(() => storeSettingOf({ PLUMBLINE_STORE: text })).toThrow('PLUMBLINE_STORE is');
  });

  it('knows a copy of the store that a database belongs to', async () => {
    const here = s3Place(s3Setting(), s3Client(s3Setting()));
    const id = await here.ensureId();
    const copy = { ...s3Setting(), prefix: 'copy/' };
    await openS3Store({
      setting: { ...copy, prefix: 'copy/blobs/' },
      ask: s3Client(copy),
      scratch: root,
    }).put('store-id', Buffer.from(`${id}\n`));
    const there = s3Place(copy, s3Client(copy));
    expect(await there.readId()).toBe(id);
    const known = { id, host: here.host, directory: here.directory };
    expect([await there.isCopyOf(known), await here.isCopyOf(known)]).toEqual([true, false]);
  });

  it('reads an image once, and anew when the copy on this machine is damaged', async () => {
    const folder = join(root, 'cache');
    const cache = openFileCache(folder, 100_000);
    const blobs = openBlobStore(s3Store('cached'), cache);
    const bytes = Buffer.alloc(40_000, 'a');
    const sha256 = await blobs.put(bytes);
    await blobs.read(sha256);
    await server?.kill();
    expect(bytes.equals(await blobs.read(sha256))).toBe(true);
    await server?.start();
    await writeFile(join(folder, sha256.slice(0, 2), sha256.slice(2)), 'damaged');
    expect(bytes.equals(await blobs.read(sha256))).toBe(true);
    await utimes(join(folder, sha256.slice(0, 2), sha256.slice(2)), 1, 1);
    const others = [Buffer.alloc(40_000, 'b'), Buffer.alloc(40_000, 'c')];
    for (const one of others) await blobs.read(await blobs.put(one));
    expect(await cache.read(sha256)).toBeNull();
    for (const one of others) expect(await cache.read(sha256Of(one))).not.toBeNull();
  });
});

it('opens a home as before where no store is set', () => {
  const setting = storeSettingOf({});
  expect(setting).toEqual({ kind: 'folder' });
  const home = platformHome(root);
  expect(openStores(home, setting).place).toBe(home.blobs);
});
