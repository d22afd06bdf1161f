/** @file Fetching and bringing backbones, over real HTTP connections that break, stall, lie and refuse. */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BACKBONE_CATALOG, type DomainError } from '@plumbline/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Fault, type FileServer, serveFile } from '../testing/file-server.ts';
import { openBackboneStore } from './backbone-store.ts';
import { type FetchProgress, fetchFile } from './fetch-file.ts';

const BYTES = Buffer.alloc(300_000, 'weights of a made-up network ');
const SHA256 = createHash('sha256').update(BYTES).digest('hex');
const WRONG = '0'.repeat(64);

let folder: string;
let server: FileServer | null = null;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-fetch-'));
});
afterEach(async () => {
  await server?.close();
  server = null;
  await rm(folder, { recursive: true, force: true });
});

async function fetchWith(
  faults: readonly Fault[],
  options: { sha256?: string | null; signal?: AbortSignal; progress?: FetchProgress[] } = {},
): Promise<void> {
  server = await serveFile(BYTES, faults);
  const { sha256 = SHA256, signal, progress } = options;
  return fetchFile({
    url: `${server.url}/file`,
    target: join(folder, 'file'),
    sha256,
    signal,
    onProgress: (one) => progress?.push(one),
    retryDelayMs: 5,
    stallMs: 400,
  });
}

const failure = (work: Promise<unknown>): Promise<DomainError> =>
  work.then(
    () => expect.unreachable(),
    (error: DomainError) => error,
  );

describe('fetchFile', () => {
  it('downloads, says how far it is, and leaves nothing but the file', async () => {
    const progress: FetchProgress[] = [];
    await fetchWith([], { progress });
    expect(BYTES.equals(await readFile(join(folder, 'file')))).toBe(true);
    expect(await readdir(folder)).toEqual(['file']);
    expect(progress.at(-1)).toMatchObject({
      receivedBytes: BYTES.length,
      totalBytes: BYTES.length,
      etaSeconds: 0,
    });
    expect(progress.at(-1)?.bytesPerSecond).toBeGreaterThan(0);
  });

  // The most that can have arrived: of a connection that breaks, what is still on its way is lost.
  it.each<[string, Fault[], (number | null)[]]>([
    ['a dropped connection', ['drop'], [null, 150_000]],
    ['a connection dropped twice', ['drop', 'drop'], [null, 150_000, 225_000]],
    ['a server that falls silent', ['silence'], [null, 150_000]],
    ['a busy server', [503, 503], [null, null, null]],
    ['a server that knows no ranges', ['drop', 'no-range'], [null, 150_000]],
  ])('goes on after %s', async (_, faults, most) => {
    await fetchWith(faults);
    expect(BYTES.equals(await readFile(join(folder, 'file')))).toBe(true);
    const starts = server?.ranges.map(
      (range) => range && Number(/^bytes=(\d+)-$/.exec(range)?.[1]),
    );
    expect(starts).toHaveLength(most.length);
    for (const [i, bytes] of most.entries()) {
      if (bytes === null) expect(starts?.[i]).toBeNull();
      else expect(starts?.[i]).toBeGreaterThan(Number(starts?.[i - 1] ?? 0));
      expect(starts?.[i] ?? 0).toBeLessThanOrEqual(bytes ?? 0);
    }
  });

  it('goes on from the part of an earlier call, and finds a complete part complete', async () => {
    await writeFile(join(folder, 'file.part'), BYTES.subarray(0, 1000));
    await fetchWith([]);
    expect(server?.ranges).toEqual(['bytes=1000-']);
    await server?.close();
    await rm(join(folder, 'file'));
    await writeFile(join(folder, 'file.part'), BYTES);
    await fetchWith([]);
    expect(BYTES.equals(await readFile(join(folder, 'file')))).toBe(true);
  });

  it('does not take a truncated, a longer or another file for the right one', async () => {
    const truncated = await failure(fetchWith(['truncate']));
    expect(truncated.message).toContain(`instead of ${SHA256}`);
    await server?.close();
    await writeFile(join(folder, 'file.part'), Buffer.alloc(BYTES.length + 1));
    await fetchWith([]);
    expect(server?.ranges.at(-1)).toBeNull();
    await server?.close();
    await rm(join(folder, 'file'));
    const wrong = await failure(fetchWith([], { sha256: WRONG }));
    expect(wrong.message).toContain(SHA256);
    expect(await readdir(folder)).toEqual([]);
  });

  it('does not ask again for what is not there, and gives up on a dead server', async () => {
    expect((await failure(fetchWith([404]))).message).toContain('404');
    expect(server?.ranges).toHaveLength(1);
    await server?.close();
    expect((await failure(fetchWith([503, 503, 503, 503, 503, 503]))).message).toContain('503');
    expect(server?.ranges).toHaveLength(5);
  });

  it('keeps the part when it is cancelled', async () => {
    const abort = new AbortController();
    const progress: FetchProgress[] = [];
    const work = fetchWith(['silence'], { signal: abort.signal, progress });
    await expect.poll(() => progress.at(-1)?.receivedBytes).toBe(BYTES.length / 2);
    abort.abort();
    expect(await failure(work)).toMatchObject({ code: 'CANCELLED' });
    expect((await stat(join(folder, 'file.part'))).size).toBe(BYTES.length / 2);
  });
});

describe('openBackboneStore', () => {
  const pinned = BACKBONE_CATALOG.find((one) => one.sha256 !== null)?.name ?? '';
  const unpinned = BACKBONE_CATALOG.find((one) => one.sha256 === null)?.name ?? '';
  const open = async (faults: readonly Fault[] = []) => {
    server = await serveFile(BYTES, faults);
    return openBackboneStore({ folder, mirror: server.url, retryDelayMs: 1 });
  };

  it('says how to bring the file by hand, with address, hash and place', async () => {
    const store = await open([404]);
    const error = await failure(store.fetch(pinned));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', field: 'backbone' });
    expect(error.message).toContain(`${server?.url}/timm/`);
    expect(error.message).toContain('404');
    const { sha256 } = BACKBONE_CATALOG.find((one) => one.name === pinned) ?? {};
    expect(error.fix).toContain(`SHA-256 ${sha256}`);
    expect(error.fix).toContain(`plumb backbones add <file> --name ${pinned}`);
    expect(error.fix).toContain(join(folder, `${pinned}.safetensors`));
  });

  it('refuses a file with another hash than the catalog says, fetched or brought', async () => {
    const store = await open();
    const fetched = await failure(store.fetch(pinned));
    expect(fetched).toMatchObject({ code: 'INVALID_INPUT' });
    expect(fetched.message).toContain(SHA256);
    const file = join(folder, 'mine.safetensors');
    await writeFile(file, BYTES);
    const brought = await failure(store.add(pinned, file));
    expect(brought).toMatchObject({ code: 'INVALID_INPUT', field: 'path' });
    expect(await store.find(pinned)).toBeNull();
  });

  it('asks for the hash where none is known, and does not download twice', async () => {
    const store = await open();
    const error = await failure(store.fetch(unpinned));
    expect(error.fix).toContain(`plumb backbones fetch ${unpinned} --sha256 ${SHA256}`);
    expect(await store.find(unpinned)).toBeNull();
    const stored = await store.fetch(unpinned, { sha256: SHA256 });
    expect(BYTES.equals(await readFile(stored.path))).toBe(true);
    expect(server?.ranges).toEqual([null, `bytes=${BYTES.length}-`]);
    expect(await store.list()).toEqual([{ name: unpinned, path: stored.path, bytes: 300_000 }]);
  });

  it('lets two processes fetch one file once', async () => {
    const store = await open();
    const other = openBackboneStore({ folder, mirror: server?.url ?? null });
    const both = await Promise.all([
      store.fetch(unpinned, { sha256: SHA256 }),
      other.fetch(unpinned, { sha256: SHA256 }),
    ]);
    expect(both[0]).toEqual(both[1]);
    expect(server?.ranges).toEqual([null]);
  });

  it('takes files of any name that is free, and only usable ones', async () => {
    const store = await open();
    const file = join(folder, 'mine.onnx');
    await writeFile(file, BYTES);
    expect((await store.add('my-net', file)).path).toBe(join(folder, 'my-net.onnx'));
    expect((await store.add('my-net', file, SHA256)).name).toBe('my-net');
    await writeFile(file, 'another');
    expect(await failure(store.add('my-net', file))).toMatchObject({ code: 'CONFLICT' });
    expect(await failure(store.add('other', file, WRONG))).toMatchObject({ field: 'path' });
    expect((await failure(store.add(pinned, file))).message).toContain('.safetensors');
    expect((await failure(store.add('x', join(folder, 'no.onnx')))).message).toContain('no file');
    expect(await failure(store.fetch('vgg16'))).toMatchObject({ code: 'NOT_FOUND' });
  });
});
