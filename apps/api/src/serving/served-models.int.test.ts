/** @file Two replicas of the API on one database: what one changes, the other answers with, without a failed request. */
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { forkTypeScript } from '@plumbline/runtime';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type ApiServer, createServer } from '../create-server.ts';
import { grayPng } from '../testing/pictures.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { recoverInspections } from './inspection-journal.ts';

const PATIENCE = { timeout: 60_000 };

let platform: TestPlatform;
let replica: ApiServer;
let replicaUrl: string;
let png: Uint8Array;

beforeAll(async () => {
  platform = await startTestPlatform();
  await platform.addDataset('parts');
  await platform.publish({ model: 'parts-rlr', dataset: 'parts' });
  await platform.publish({ model: 'parts-rlr', dataset: 'parts', graph: 'darkness' });
  const { database, stores, home } = platform;
  replica = await createServer({
    ...{ database, stores, home, apiKey: null, codeVersion: 'test' },
    inference: { retiredMs: 2_000 },
  });
  await replica.app.listen({ host: '127.0.0.1', port: 0 });
  replicaUrl = `http://127.0.0.1:${(replica.app.server.address() as AddressInfo).port}`;
  png = await grayPng(51);
});
afterAll(async () => {
  await replica?.close();
  await platform?.stop();
});

interface Answer {
  readonly status: number;
  readonly modelVersion: number;
  readonly threshold: number;
  readonly thresholdProfile: number;
}

async function predict(url = replicaUrl, query = ''): Promise<Answer> {
  const answer = await fetch(`${url}/v1/models/parts-rlr/predict${query}`, {
    method: 'POST',
    body: new Uint8Array(png),
    headers: { 'content-type': 'image/png' },
  });
  return { ...((await answer.json()) as Omit<Answer, 'status'>), status: answer.status };
}

function post(path: string, body: object = {}): Promise<Response> {
  return fetch(`${platform.url}/v1/models/parts-rlr/versions${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

test('what a process that was killed had answered is recorded by the next one, once', async () => {
  const folder = join(platform.home.work, 'inspections');
  const child = forkTypeScript(new URL('../testing/journal-child.ts', import.meta.url), [
    ...[folder, 'parts-rlr', '5'],
  ]);
  await once(child, 'exit');
  const left = (await readdir(folder)).find((name) => name.startsWith(`${child.pid}.`)) ?? '';
  const copy = await readFile(join(folder, left));
  expect(await recoverInspections(folder, platform.database)).toBe(5);
  const version = { name: 'parts-rlr', version: 1, limit: 100 };
  const scores = async () =>
    (await platform.database.inspections.list(version)).map(({ imageScore }) => imageScore);
  expect((await scores()).sort()).toEqual([1, 2, 3, 4, Number.POSITIVE_INFINITY]);
  // It was killed between the database's yes and the end of the file.
  await writeFile(join(folder, left), copy);
  expect(await recoverInspections(folder, platform.database)).toBe(5);
  expect(await scores()).toHaveLength(5);
});

test('inspections ask nothing of the database once the version is known', async () => {
  await predict(platform.url);
  await expect.poll(async () => (await predict()).status).toBe(200);
  const { models, thresholds } = platform.database;
  const asked = [vi.spyOn(models, 'get'), vi.spyOn(models, 'versions')];
  const profiles = vi.spyOn(thresholds, 'active');
  for (let index = 0; index < 10; index += 1) await predict();
  for (const spy of [...asked, profiles]) {
    expect(spy).not.toHaveBeenCalled();
    spy.mockRestore();
  }
});

test('a promotion elsewhere: loaded first, then switched, the old process ends', async () => {
  const warm = vi.spyOn(replica.inference, 'warm'); // calls through
  expect((await predict()).modelVersion).toBe(1);
  let isOver = false;
  const answers: Answer[] = [];
  const asking = (async () => {
    while (!isOver) answers.push(await predict());
  })();
  try {
    expect((await post('/2/promote')).status).toBe(200);
    expect((await predict(platform.url)).modelVersion).toBe(2);
    await expect.poll(() => answers.at(-1)?.modelVersion, PATIENCE).toBe(2);
  } finally {
    isOver = true;
  }
  await asking;
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const versions = answers.map(({ modelVersion }) => modelVersion);
  expect(versions).toEqual(versions.toSorted());
  expect(warm.mock.calls.map(([served]) => served.key.split(' ')[0])).toContain('parts-rlr/2');
  expect(
    replica.inference.isHeld('parts-rlr/promoted', await replica.served.get('parts-rlr', 2)),
  ).toBe(true);
  await expect
    .poll(async () => Object.keys(await replica.inference.pids()), PATIENCE)
    .toEqual(['parts-rlr/2']);
  expect(replica.served.swaps).toEqual({ switched: 1, failed: 0 });
});

test('a threshold set elsewhere serves here, for the version by its number too', async () => {
  const before = await predict(replicaUrl, '?version=2&category=part');
  const choice = { by: 'hand', categories: { part: { imageThreshold: 0.123 } }, note: 'tried' };
  const made = await post('/2/thresholds', { choice });
  expect(made.status, await made.text()).toBeLessThan(300);
  expect(await predict(platform.url, '?category=part')).toMatchObject({ threshold: 0.123 });
  for (const query of ['?version=2&category=part', '?category=part'])
    await expect.poll(async () => (await predict(replicaUrl, query)).threshold).toBe(0.123);
  expect((await post(`/2/thresholds/${before.thresholdProfile}/activate`)).status).toBe(200);
  expect((await predict(platform.url, '?category=part')).threshold).toBe(before.threshold);
  await expect
    .poll(async () => (await predict(replicaUrl, '?category=part')).threshold)
    .toBe(before.threshold);
});
