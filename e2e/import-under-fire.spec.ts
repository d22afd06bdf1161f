/**
 * @file An upload and its import, killed in the middle three times: of the transfer, of the import, and everything at once. What
 * comes out is the same to the last byte, nothing is there twice, and nothing is left over once a sweep has passed.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DatasetDetail, DatasetImport } from '@plumbline/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestPlatform } from './support/platform.ts';
import { killAll, processesOf } from './support/processes.ts';

const WAIT = { timeout: 120_000, interval: 100 };
/** Of the archive, sent at a time, and the pause after each: a transfer of a second or two. */
const CHUNK = 128 * 1024;
const PAUSE_MS = 15;

let platform: TestPlatform;
let archive: Buffer;
let exported: DatasetDetail;

beforeAll(async () => {
  platform = await TestPlatform.create();
  await platform.json('up', '--no-web');
  exported = await platform.json<DatasetDetail>('datasets', 'import', '--sample', '--name', 'made');
  const file = join(platform.home, 'made.zip');
  await platform.json('datasets', 'export', 'made@1', '--out', file);
  archive = await readFile(file);
  await platform.json('datasets', 'delete', 'made', '--yes');
});
afterAll(async () => {
  await platform?.remove();
});

const kill = (pattern: RegExp) =>
  killAll(processesOf(platform.home).filter(({ command }) => pattern.test(command)));

async function untilAnswering(): Promise<void> {
  await expect.poll(() => platform.get('/readyz').catch(() => null), WAIT).not.toBeNull();
}

async function restart(): Promise<void> {
  await platform.run('down');
  await expect.poll(() => processesOf(platform.home), WAIT).toEqual([]);
  await platform.json('up', '--no-web');
}

/** Stored images and masks, and what was not finished. */
async function blobFiles(): Promise<string[]> {
  const folder = join(platform.home, 'blobs');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name !== 'store-id')
    .map((entry) => join(entry.parentPath, entry.name));
}

/** As if nothing had been used for two days: what nobody refers to goes when a trainer starts. */
async function sweep(): Promise<void> {
  const folder = join(platform.home, 'blobs');
  const past = Date.now() / 1000 - 2 * 24 * 3600;
  for (const entry of await readdir(folder, { recursive: true }))
    await utimes(join(folder, entry), past, past);
  await restart();
}

async function request(path: string, init: RequestInit): Promise<Response> {
  const { apiUrl } = await platform.record();
  return fetch(`${apiUrl}${path}`, {
    ...init,
    headers: { 'tus-resumable': '1.0.0', ...init.headers },
  });
}

/** From what the server has on, until all is sent or the connection breaks. */
async function send(location: string): Promise<number> {
  const asked = await request(location, { method: 'HEAD' });
  const from = Number(asked.headers.get('upload-offset'));
  const parts = async function* () {
    for (let at = from; at < archive.length; at += CHUNK) {
      yield archive.subarray(at, at + CHUNK);
      await sleep(PAUSE_MS);
    }
  };
  const body = Readable.toWeb(Readable.from(parts())) as ReadableStream;
  const headers = {
    'upload-offset': String(from),
    'content-type': 'application/offset+octet-stream',
  };
  // `duplex` is missing in the types of fetch.
  const init: RequestInit & { duplex: 'half' } = { method: 'PATCH', body, headers, duplex: 'half' };
  await request(location, init);
  return from;
}

async function upload(killAfterMs: number): Promise<string> {
  const created = await request('/v1/uploads', {
    method: 'POST',
    headers: {
      'upload-length': String(archive.length),
      'upload-metadata': `filename ${Buffer.from('made.zip').toString('base64')}`,
    },
  });
  const location = created.headers.get('location') ?? '';
  const broken = send(location).then(
    () => false,
    () => true,
  );
  await sleep(killAfterMs);
  kill(/apps.api.src/);
  expect(await broken).toBe(true);
  await untilAnswering();
  expect(await send(location)).toBeLessThan(archive.length);
  return location.split('/').at(-1) ?? '';
}

const show = (id: string) => platform.get<DatasetImport>(`/v1/imports/${id}`);

async function importUnderFire(uploadId: string, waits: readonly number[]): Promise<string> {
  const started = await request('/v1/imports', {
    method: 'POST',
    body: JSON.stringify({ name: 'again', source: { kind: 'upload', uploadId } }),
    headers: { 'content-type': 'application/json' },
  });
  const { id } = (await started.json()) as DatasetImport;
  await expect.poll(async () => (await show(id)).status, WAIT).not.toBe('queued');
  await sleep(waits[0] ?? 0);
  kill(/apps.trainer.src/);
  await expect.poll(async () => (await show(id)).status, WAIT).not.toBe('queued');
  await sleep(waits[1] ?? 0);
  killAll(processesOf(platform.home));
  await expect.poll(() => processesOf(platform.home), WAIT).toEqual([]);
  await platform.json('up', '--no-web');
  return id;
}

describe.skipIf(process.platform !== 'linux')('under fire (reads /proc, so Linux alone)', () => {
  it('a deleted dataset leaves nothing once a sweep has passed', async () => {
    expect((await blobFiles()).length).toBeGreaterThan(100);
    await sweep();
    await expect.poll(blobFiles, WAIT).toEqual([]);
  });

  it('an upload and its import end whole, wherever they are killed', async () => {
    const waits = [200 + 600 * Math.random(), 700 * Math.random(), 700 * Math.random()];
    const said = `killed after ${waits.map(Math.round).join(', ')} ms`;
    const uploadId = await upload(waits[0] ?? 0);
    const id = await importUnderFire(uploadId, waits.slice(1));
    await expect.poll(async () => (await show(id)).status, WAIT).toBe('succeeded');
    const again = await platform.json<DatasetDetail>('datasets', 'show', 'again');
    expect(again, said).toMatchObject({ hash: exported.hash, version: 1 });

    await sweep();
    const samples = await allSamples();
    const expected = new Set(
      samples.flatMap(({ image, mask }) => [image.sha256, ...(mask === null ? [] : [mask.sha256])]),
    );
    expect(samples.length, said).toBe(exported.images);
    await expect
      .poll(async () => (await blobFiles()).length, { ...WAIT, message: said })
      .toBe(expected.size);
    for (const file of await blobFiles()) {
      const sha256 = createHash('sha256')
        .update(await readFile(file))
        .digest('hex');
      expect(expected.has(sha256), `${file}, ${said}`).toBe(true);
    }
  });
});

async function allSamples(): Promise<SampleFiles[]> {
  const all: SampleFiles[] = [];
  for (;;) {
    const page = await platform.get<{ total: number; samples: SampleFiles[] }>(
      `/v1/datasets/again/samples?limit=100&offset=${all.length}`,
    );
    all.push(...page.samples);
    if (all.length >= page.total || page.samples.length === 0) return all;
  }
}

interface SampleFiles {
  readonly image: { readonly sha256: string };
  readonly mask: { readonly sha256: string } | null;
}
