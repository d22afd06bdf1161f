/** @file The audit log: every change by whichever way, with who, from where and how it ended; by pages, for admins. */
import type { AuditEvent, AuditPage } from '@plumbline/contracts';
import { runSql } from '@plumbline/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describedProcedures } from '../rest/rest.routes.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

const KEY = 'a-key-that-is-long-enough-1234567890';

let platform: TestPlatform;
let viewer: string;

beforeAll(async () => {
  platform = await startTestPlatform({ apiKey: KEY });
  await platform.addDataset('parts');
  await platform.publish({ model: 'parts-rlr', dataset: 'parts' });
  const made = await send('POST', '/v1/keys', { name: 'reader', role: 'viewer' });
  viewer = ((await made.json()) as { secret: string }).secret;
});
afterAll(() => platform?.stop());

function send(method: string, path: string, body?: object, key = KEY): Promise<Response> {
  return fetch(`${platform.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      'user-agent': 'a test',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function page(query = ''): Promise<AuditPage> {
  return (await (await send('GET', `/v1/audit${query}`)).json()) as AuditPage;
}

async function latest(): Promise<AuditEvent | undefined> {
  return (await page('?limit=1')).events[0];
}

test('a change is written down with who made it, from where and how it ended, over REST as over tRPC', async () => {
  expect((await send('POST', '/v1/models/parts-rlr/versions/1/promote', {})).status).toBe(200);
  const promoted = {
    actor: 'holder of PLUMBLINE_API_KEY',
    role: 'admin',
    action: 'models.promote',
    input: { name: 'parts-rlr', version: 1 },
    outcome: 'done',
    message: null,
    address: '127.0.0.1',
    client: 'a test',
  };
  expect(await latest()).toMatchObject(promoted);
  await send('POST', '/trpc/models.promote', { name: 'parts-rlr', version: 7 });
  expect(await latest()).toMatchObject({
    ...promoted,
    input: { name: 'parts-rlr', version: 7 },
    outcome: 'failed',
    message: expect.stringContaining('version'),
  });
});

test('of what the dashboard passes on, the browser’s address is written down too', async () => {
  await fetch(`${platform.url}/v1/runs/none/cancel`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'x-plumbline-browser': '10.0.0.9' },
  });
  expect(await latest()).toMatchObject({ address: '10.0.0.9, through 127.0.0.1' });
});

test('who is not allowed to is written down, and reading is not', async () => {
  for (const [path, action] of [
    ['/v1/runs', 'POST /v1/runs'],
    ['/trpc/runs.start', 'runs.start'],
    ['/v1/models/x/predict', 'POST /v1/models/:name/predict'],
  ] as const) {
    expect((await send('POST', path, { dataset: 'parts' }, viewer)).status).toBe(403);
    expect(await latest()).toMatchObject({
      actor: 'key "reader"',
      role: 'viewer',
      action,
      outcome: 'refused',
      message: expect.stringContaining('This needs the role'),
    });
  }
  const before = (await latest())?.id;
  await send('GET', '/v1/models', undefined, viewer);
  expect((await send('GET', '/v1/audit', undefined, viewer)).status).toBe(403);
  await send('POST', '/v1/runs/estimate', { dataset: 'parts' });
  expect((await latest())?.id).toBe(before);
});

test('of an upload its beginning and its removal are written down', async () => {
  const headers = {
    authorization: `Bearer ${KEY}`,
    'tus-resumable': '1.0.0',
    'upload-length': '5',
    'upload-metadata': `filename ${btoa('a.zip')}`,
  };
  const url = `${platform.url}/v1/uploads`;
  const made = await fetch(url, { method: 'POST', headers });
  expect(made.status).toBe(201);
  await expect
    .poll(latest)
    .toMatchObject({ action: 'POST /v1/uploads', input: { bytes: '5' }, outcome: 'done' });
  const id = made.headers.get('location')?.split('/').at(-1) ?? '';
  expect((await fetch(`${url}/${id}`, { method: 'DELETE', headers })).status).toBe(204);
  await expect.poll(latest).toMatchObject({ input: { id }, outcome: 'done' });
  await fetch(url, { method: 'POST', headers: { ...headers, 'upload-metadata': '' } });
  await expect.poll(latest).toMatchObject({ action: 'POST /v1/uploads', outcome: 'failed' });
});

test('every mutation is written down but those that say that they change nothing', async () => {
  const mutations = describedProcedures().filter(([, { _def }]) => _def.type === 'mutation');
  const silent: string[] = [];
  for (const [name] of mutations) {
    const before = (await latest())?.id;
    await send('POST', `/trpc/${name}`, {});
    if ((await latest())?.id === before) silent.push(name);
  }
  expect(silent).toEqual(['runs.estimate', 'thresholds.preview']);
});

test('pages lead from the newest to the oldest without gaps, filtered if wanted', async () => {
  const all = (await page('?limit=500')).events;
  const seen: AuditEvent[] = [];
  for (let next: number | null = null; ; ) {
    const one: AuditPage = await page(`?limit=4${next === null ? '' : `&before=${next}`}`);
    seen.push(...one.events);
    next = one.next;
    if (next === null) break;
  }
  expect(seen).toEqual(all);
  expect(all.map(({ id }) => id)).toEqual(all.map(({ id }) => id).sort((a, b) => b - a));
  const refused = await page('?outcome=refused&actor=key%20%22reader%22');
  expect(refused.events).toHaveLength(3);
  for (const query of ['?limit=0', '?limit=501', '?before=-1', '?outcome=maybe', '?what=x'])
    expect((await send('GET', `/v1/audit${query}`)).status).toBe(400);
});

test('a change whose process ended in between stays as unknown; what is old goes', async () => {
  const id = await platform.database.audit.begin({
    actor: 'somebody',
    role: 'admin',
    action: 'models.promote',
    input: {},
    address: '',
    client: '',
  });
  expect((await page('?outcome=unknown')).events.map((one) => one.id)).toEqual([id]);
  const older = `UPDATE "AuditEvent" SET at = now() - interval '400 days' WHERE id = $1`;
  await runSql(platform.databaseUrl, older, [id]);
  const year = new Date(Date.now() - 365 * 86_400_000);
  expect(await platform.database.audit.removeBefore(year)).toBe(1);
});
