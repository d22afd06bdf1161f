/**
 * @file The API while PostgreSQL is killed, away and back: 503 with `Retry-After`, never a 500, and nothing that hangs. Versions
 * that are known go on answering, and what was inspected meanwhile is written down afterwards.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SystemStatus } from '@plumbline/contracts';
import { type EmbeddedPostgres, migrateDatabase, startEmbeddedPostgres } from '@plumbline/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { errorOf } from '../testing/error-of.ts';
import { grayPng } from '../testing/pictures.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

const HASH = 'a'.repeat(64);
const PATIENCE = { timeout: 60_000 };

let folder: string;
let server: EmbeddedPostgres;
let platform: TestPlatform;
let image: Uint8Array;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-away-'));
  server = await startEmbeddedPostgres({
    dataDirectory: join(folder, 'postgres'),
    logFile: join(folder, 'postgres.log'),
  });
  await migrateDatabase(server.url);
  platform = await startTestPlatform({ databaseUrl: server.url });
  await platform.addDataset('parts');
  await platform.publish({ model: 'parts-rlr', dataset: 'parts' });
  await platform.publish({ model: 'parts-cold', dataset: 'parts' });
  image = await grayPng(90);
});

afterAll(async () => {
  await platform?.stop();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const predict = (model = 'parts-rlr', key?: string) =>
  fetch(`${platform.url}/v1/models/${model}/predict`, {
    method: 'POST',
    headers: {
      'content-type': 'image/png',
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    },
    body: new Uint8Array(image),
    signal: AbortSignal.timeout(30_000),
  });

async function killServer(): Promise<void> {
  const text = await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8');
  process.kill(Number(text.split('\n')[0]), 'SIGKILL');
  await expect.poll(() => server.isRunning(), PATIENCE).toBe(false);
}

/** Of a line. */
async function makeKey(): Promise<string> {
  const answer = await fetch(`${platform.url}/v1/keys`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'line', role: 'operator' }),
  });
  return ((await answer.json()) as { secret: string }).secret;
}

async function readRoutes(): Promise<string[]> {
  const { paths } = (await (await fetch(`${platform.url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  return Object.entries(paths)
    .filter(([, operations]) => 'get' in operations)
    .map(([path]) =>
      path
        .replace('{name}', 'parts-rlr')
        .replace('{sha256}', HASH)
        .replace(/\{(version|profile)\}/g, '1')
        .replace(/\{\w+\}/g, 'parts'),
    );
}

test('answers 503 with Retry-After on every route that needs it, and all again after the restart', async () => {
  const key = await makeKey();
  for (const asked of [undefined, key])
    expect((await predict('parts-rlr', asked)).status).toBe(200);
  const routes = await readRoutes();
  await killServer();
  const statuses = new Map<string, number>();
  for (const path of routes) {
    const answer = await fetch(`${platform.url}${path}`, { signal: AbortSignal.timeout(30_000) });
    statuses.set(path, answer.status);
    const text = await answer.text();
    expect([200, 400, 404, 503], `${path}: ${text}`).toContain(answer.status);
    if (answer.status !== 503) continue;
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(errorOf(text)).toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('The database does not answer at the moment.'),
    });
  }
  expect(statuses.get('/healthz')).toBe(200);
  for (const path of ['/readyz', '/v1/runs', '/v1/models', '/v1/datasets', '/v1/system/status'])
    expect([path, statuses.get(path)]).toEqual([path, 503]);
  // A key that is known goes on being answered; of another one nobody can tell, and it is not called wrong.
  for (const asked of [undefined, key])
    expect((await predict('parts-rlr', asked)).status).toBe(200);
  expect((await predict('parts-rlr', `plumb_${'x'.repeat(43)}`)).status).toBe(503);
  const refused = await predict('parts-cold');
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
  const overTrpc = await fetch(`${platform.url}/trpc/runs.list`);
  expect([overTrpc.status, overTrpc.headers.get('retry-after')]).toEqual([503, '2']);
  expect(await overTrpc.json()).toMatchObject({
    error: { data: { httpStatus: 503, plumbline: { code: 'UNAVAILABLE' } } },
  });
  await server.restart();
  await expect.poll(async () => (await predict('parts-cold')).status, PATIENCE).toBe(200);
  expect(await (await fetch(`${platform.url}/readyz`)).json()).toMatchObject({ status: 'ready' });
});

test('while it is killed and started twice under load, no prediction fails, and all are recorded', async () => {
  await expect.poll(async () => (await inspections()).waiting, PATIENCE).toBe(0);
  const before = await inspections();
  const statuses: number[] = [];
  let isOver = false;
  const clients = Array.from({ length: 8 }, async () => {
    while (!isOver) statuses.push((await predict()).status);
  });
  try {
    for (const _round of [1, 2]) {
      await answeredMore(statuses);
      await killServer();
      await answeredMore(statuses);
      await server.restart();
    }
    await answeredMore(statuses);
  } finally {
    // A failure must not leave the load running.
    isOver = true;
  }
  await Promise.all(clients);
  expect([...new Set(statuses)]).toEqual([200]);
  await expect
    .poll(inspections, PATIENCE)
    .toEqual({ recorded: before.recorded + statuses.length, waiting: 0, dropped: 0 });
});

async function answeredMore(statuses: readonly number[]): Promise<void> {
  const before = statuses.length;
  await expect.poll(() => statuses.length, PATIENCE).toBeGreaterThan(before + 20);
}

async function inspections(): Promise<{ recorded: number; waiting: number }> {
  const status = await fetch(`${platform.url}/v1/system/status`);
  return ((await status.json()) as SystemStatus).inspections;
}
