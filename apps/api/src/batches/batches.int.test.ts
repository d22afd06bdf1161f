/** @file Batches over HTTP: started, followed, cancelled, given way by, killed and gone on with; their results and who sees them. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlumblineClient } from '@plumbline/client';
import type { Batch, BatchResult } from '@plumbline/contracts';
import { runSql } from '@plumbline/db/testing';
import { forkTypeScript } from '@plumbline/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { grayPng } from '../testing/pictures.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';
import type { BatchWorker } from './batch-worker.ts';

const TIMEOUT = { timeout: 60_000 };
const KEY = 'a-key-that-is-long-enough-1234567890';
/** Seconds of work, however fast the machine is. */
const MANY = 3_000;

let platform: TestPlatform;
let worker: BatchWorker;
let client: PlumblineClient;
const keys = new Map<string, string>();

beforeAll(async () => {
  platform = await startTestPlatform({ apiKey: KEY });
  worker = await platform.server.startBatches();
  client = new PlumblineClient({ url: platform.url, apiKey: KEY });
  await platform.addDataset('parts');
  await platform.publish({ model: 'parts-rlr', dataset: 'parts' });
  await send('PUT', '/v1/models/parts-rlr/aliases/line-3', { version: 1 });
  for (const [name, role] of [
    ['line', 'operator'],
    ['other', 'operator'],
    ['boss', 'engineer'],
  ] as const) {
    const made = await send('POST', '/v1/keys', { name, role });
    keys.set(name, (made.body as { secret: string }).secret);
  }
});
afterAll(() => platform?.stop());

async function send(
  method: string,
  path: string,
  body?: object,
  { key = KEY, headers = {} }: { key?: string | undefined; headers?: Record<string, string> } = {},
) {
  const answer = await fetch(`${platform.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.includes('json') === true;
  return { answer, text, body: isJson && !path.includes('/results') ? JSON.parse(text) : null };
}

async function ended(id: string, asked = client): Promise<Batch> {
  await expect.poll(async () => (await asked.batches.get(id)).finishedAt, TIMEOUT).not.toBeNull();
  return asked.batches.get(id);
}

/** Images, one that is none, and what a Mac leaves beside. */
async function zipOf(count: number, bytes?: Uint8Array, hasMask = false): Promise<Blob> {
  const zip = new ZipFile();
  const image = Buffer.from(bytes ?? (await grayPng(51)));
  for (let i = 0; i < count; i += 1)
    zip.addBuffer(image, `lot/${String(i).padStart(6, '0')}.png`, { compress: false });
  if (hasMask) zip.addBuffer(image, 'lot/ground_truth/0.png');
  zip.addBuffer(Buffer.from('no image'), 'lot/broken.png');
  zip.addBuffer(Buffer.from('no image'), '__MACOSX/lot/._000000.png');
  zip.end();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of zip.outputStream) chunks.push(new Uint8Array(chunk as Buffer));
  return new Blob(chunks);
}

test('images of a split: 202 with the address, progress, results in both forms, and a heatmap', async () => {
  const source = { kind: 'dataset', name: 'parts', split: 'test' } as const;
  const model = 'parts-rlr@line-3';
  const begun = await send('POST', '/v1/batches', { model, regions: true, source });
  expect(begun.answer.status).toBe(202);
  const { id } = begun.body as Batch;
  expect(begun.answer.headers.get('location')).toBe(`/v1/batches/${id}`);
  expect(await ended(id)).toMatchObject({
    ...{ status: 'succeeded', checked: 4, total: 4, failed: 0, etaSeconds: null, error: null },
    ...{ model: 'parts-rlr', version: 1, thresholdProfile: 1 },
    ...{ startedBy: 'holder of PLUMBLINE_API_KEY' },
    source: { version: 1 },
    keptUntil: expect.stringMatching(/^\d{4}-/),
  });
  const results = await client.batches.results(id);
  expect(results.map(({ image }) => image)).toEqual([
    'part/test/good/000.png',
    'part/test/good/001.png',
    'part/test/spot/000.png',
    'part/test/spot/001.png',
  ]);
  const bytes = await platform.blobs.read(
    (await client.datasets.samples('parts', { split: 'test' })).samples[2]?.image.sha256 ?? '',
  );
  const single = await client.predict('parts-rlr', new Uint8Array(bytes), {
    ...{ category: 'part', regions: true },
  });
  const { imageScore, predictedLabel, threshold, regions } = single;
  expect(results[2]).toMatchObject({
    ...{ category: 'part', categorySource: 'given' },
    ...{ imageScore, predictedLabel, threshold, regions },
    heatmap: `/v1/batches/${id}/heatmaps/2`,
  });
  const csv = await send('GET', `/v1/batches/${id}/results?format=csv`);
  const [head = [], ...rows] = csv.text
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const column = head.indexOf('imageScore');
  expect(rows.map((cells) => [cells[0], Number(cells[column])])).toEqual(
    results.map((one) => [one.image, one.error === null ? one.imageScore : null]),
  );
  const png = Buffer.from(await client.batches.heatmap(`/v1/batches/${id}/heatmaps/2`));
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect((await send('GET', `/v1/batches/${id}/heatmaps/4`)).answer.status).toBe(404);
  // Only `predict` above counts as what a line has inspected, once it is written down.
  const seen = () => runSql(platform.databaseUrl, 'SELECT count(*)::int AS n FROM "Inspection"');
  await expect.poll(seen, TIMEOUT).toEqual([{ n: 1 }]);
});

test('what can’t be inspected is refused before it begins, and says why', async () => {
  const dataset = { kind: 'dataset', name: 'parts' };
  const wrong: [object, number, string][] = [
    [{ model: 'none', source: dataset }, 404, 'none'],
    [{ model: 'parts-rlr', version: 9, source: dataset }, 404, '9'],
    [{ model: 'parts-rlr:9', source: dataset }, 404, '9'],
    [{ model: 'parts-rlr@none', source: dataset }, 404, 'none'],
    [{ model: 'parts-rlr@line-3', version: 1, source: dataset }, 400, 'named twice'],
    [{ model: 'parts rlr', source: dataset }, 400, 'Name a model'],
    [{ model: 'parts-rlr', source: { ...dataset, name: 'none' } }, 404, 'none'],
    [{ model: 'parts-rlr', source: { ...dataset, split: 'val' } }, 400, 'no images of val'],
    [{ model: 'parts-rlr', source: { ...dataset, category: 'x' } }, 400, 'no images of x'],
    [{ model: 'parts-rlr', category: 'x', source: dataset }, 400, 'knows no category'],
    [{ model: 'parts-rlr', source: { kind: 'upload', uploadId: '../x' } }, 400, 'no upload'],
    [{ model: 'parts-rlr', odd: 1, source: dataset }, 400, 'odd'],
  ];
  for (const [input, status, words] of wrong) {
    const { answer, text } = await send('POST', '/v1/batches', input);
    expect([answer.status, text], words).toEqual([status, expect.stringContaining(words)]);
  }
  const empty = await client.batches.upload(await new Blob([await emptyZip()]), 'empty.zip');
  await expect(
    client.batches.start({ model: 'parts-rlr', source: { kind: 'upload', uploadId: empty } }),
  ).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('no image') });
});

async function emptyZip(): Promise<Uint8Array<ArrayBuffer>> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from('x'), 'notes.txt');
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return new Uint8Array(Buffer.concat(chunks));
}

test('an upload: each operator sees their own, once by its key; an image that is none has an error, a mask too', async () => {
  const [line, other, boss] = ['line', 'other', 'boss'].map(
    (name) => new PlumblineClient({ url: platform.url, apiKey: keys.get(name) ?? '' }),
  ) as [PlumblineClient, PlumblineClient, PlumblineClient];
  const uploadId = await line.batches.upload(await zipOf(5, undefined, true), 'lot 7.zip');
  const input = {
    model: 'parts-rlr',
    source: { kind: 'upload', uploadId, fileName: 'lot 7.zip' },
  } as const;
  const ids = await Promise.all(
    [1, 2, 3].map(async () => {
      const { id } = await line.batches.start(input, { idempotencyKey: 'once' });
      return id;
    }),
  );
  expect(new Set(ids).size).toBe(1);
  const [id = ''] = ids;
  expect(await ended(id, line)).toMatchObject({ checked: 7, failed: 2, startedBy: 'key "line"' });
  const results = await line.batches.results(id);
  expect(results.map(({ error }) => error?.code ?? null)).toEqual([
    ...Array.from({ length: 5 }, () => null),
    ...['INVALID_INPUT', 'UNSUPPORTED'],
  ]);
  expect((await line.batches.list()).map((batch) => batch.id)).toEqual([id]);
  expect(await other.batches.list()).toEqual([]);
  expect((await boss.batches.list()).map((batch) => batch.id)).toContain(id);
  const key = keys.get('other');
  for (const [method, path] of [
    ['GET', ''],
    ['POST', '/cancel'],
    ['GET', '/results'],
    ['GET', '/heatmaps/0'],
  ] as const) {
    const { answer } = await send(method, `/v1/batches/${id}${path}`, undefined, { key });
    expect([path, answer.status]).toEqual([path, 404]);
  }
  // The archive is there for heatmaps as long as the results are.
  expect(await platform.database.isUploadAwaited(uploadId)).toBe(true);
  await runSql(platform.databaseUrl, `UPDATE "InspectionBatch" SET "finishedAt" = '2026-01-01'`);
  await platform.database.batches.removeBefore(new Date());
  expect(await platform.database.isUploadAwaited(uploadId)).toBe(false);
  await expect(line.batches.get(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await runSql(platform.databaseUrl, 'SELECT * FROM "BatchResult"')).toEqual([]);
});

test('it gives way to who waits, stands in the way of deletion, and is cancelled; what is done stays', async () => {
  const uploadId = await client.batches.upload(await zipOf(MANY), 'many.zip');
  const { id } = await client.batches.start({
    model: 'parts-rlr',
    source: { kind: 'upload', uploadId },
  });
  await expect.poll(async () => (await client.batches.get(id)).checked, TIMEOUT).toBeGreaterThan(9);
  expect(await client.batches.get(id)).toMatchObject({
    status: 'running',
    etaSeconds: expect.any(Number),
  });
  const png = await grayPng(52);
  const checkedNow = async () => (await client.batches.get(id)).checked;
  const before = await checkedNow();
  await expect.poll(checkedNow, TIMEOUT).toBeGreaterThan(before + 50);
  // Counted by answers, not by time: it gives way on a busy machine too.
  let [answered, isOver] = [0, false];
  const ask = async () => {
    for (; !isOver; answered += 1) await client.predict('parts-rlr', new Uint8Array(png));
  };
  const asking = Promise.all(Array.from({ length: 8 }, ask));
  // What was done before is written down each second.
  await sleep(2_000);
  const [begun, first] = [await checkedNow(), answered];
  await expect.poll(() => answered - first, TIMEOUT).toBeGreaterThan(200);
  await sleep(1_500);
  isOver = true;
  await asking;
  expect((await checkedNow()) - begun).toBeLessThan((answered - first) / 5);
  const plan = await send('GET', '/v1/models/parts-rlr/deletion');
  expect(plan.text).toContain(`plumb batches cancel ${id}`);
  expect((await client.batches.cancel(id)).status).toBe('cancelled');
  const { checked } = await client.batches.get(id);
  await sleep(1_500);
  expect(await client.batches.get(id)).toMatchObject({ status: 'cancelled', checked });
  expect(await client.batches.results(id)).toHaveLength(checked);
  await expect(client.batches.cancel(id)).rejects.toMatchObject({ code: 'CONFLICT' });
  await expect
    .poll(
      () =>
        runSql(platform.databaseUrl, 'SELECT key FROM graphile_worker.jobs WHERE key = $1', [id]),
      TIMEOUT,
    )
    .toEqual([]);
});

describe('an API that is killed', () => {
  test('goes on where it was: no image twice, none lost, counts that are theirs', async () => {
    const uploadId = await client.batches.upload(await zipOf(MANY), 'many.zip');
    // It is to be taken by the process that is killed.
    await worker.stop();
    const first = await startApi();
    const api = new PlumblineClient({ url: first.url, apiKey: KEY });
    const { id } = await api.batches.start({
      model: 'parts-rlr',
      source: { kind: 'upload', uploadId },
    });
    await expect.poll(async () => (await api.batches.get(id)).checked, TIMEOUT).toBeGreaterThan(9);
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    const { checked } = await client.batches.get(id);
    expect(checked).toBeLessThan(MANY);
    const second = await startApi();
    const batch = await ended(id);
    expect(batch).toMatchObject({ status: 'succeeded', checked: MANY + 1, failed: 1 });
    const results: BatchResult[] = await client.batches.results(id);
    expect(new Set(results.map(({ image }) => image)).size).toBe(MANY + 1);
    expect(results).toHaveLength(MANY + 1);
    console.info(`${checked} of ${MANY + 1} images were done when it was killed`);
    second.child.kill('SIGTERM');
    expect(await once(second.child, 'exit')).toEqual([0, null]);
  }, 240_000);
});

async function startApi(): Promise<{ child: ChildProcess; url: string }> {
  const child = forkTypeScript(new URL('../main.ts', import.meta.url), [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      NODE_ENV: 'test',
      PATH: process.env['PATH'],
      PLUMBLINE_HOME: platform.home.root,
      DATABASE_URL: platform.databaseUrl,
      PLUMBLINE_API_KEY: KEY,
    },
  });
  const [message] = (await once(child, 'message')) as [{ url: string }];
  return { child, url: message.url };
}
