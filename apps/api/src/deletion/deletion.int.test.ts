/** @file Deletion over HTTP: what goes together, what stands in the way, and two who act at once. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type DatasetChange, deletionPlanSchema } from '@plumbline/contracts';
import { editDataset, openKeptLooks } from '@plumbline/data';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type ApiClient, clientOf, trpcError } from '../testing/api-client.ts';
import { askModel } from '../testing/ask-model.ts';
import { grayPng } from '../testing/pictures.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

let platform: TestPlatform;
let client: ApiClient;

beforeAll(async () => {
  platform = await startTestPlatform();
  client = clientOf(platform);
  await platform.addDataset('parts');
});
afterAll(() => platform?.stop());

const send = async (method: string, path: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${platform.url}${path}`, { method, headers });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

async function makeVersion(changes: DatasetChange[]): Promise<number> {
  const { database, blobs, home } = platform;
  const looks = openKeptLooks(join(home.cache, 'looks'));
  const { version, manifest } = await database.datasets.manifest('parts');
  const imported = await editDataset({ manifest, changes, blobs, looks, added: new Map() });
  const editOf = { version, edit: { changes, note: '' } };
  return (await database.datasets.create({ name: 'parts', imported, editOf })).version;
}

const start = (datasetVersion?: number) =>
  client.runs.start.mutate({
    ...{ dataset: 'parts', method: 'padim', preset: 'tiny', model: 'other' },
    ...(datasetVersion === undefined ? {} : { datasetVersion }),
  });

test('a version that serves stays; another goes with its run, and its number is not given again', async () => {
  for (let i = 0; i < 2; i++) await platform.publish({ model: 'parts-rlr', dataset: 'parts' });
  const inTheWay = await send('DELETE', '/v1/models/parts-rlr/versions/1');
  expect(inTheWay.status).toBe(409);
  expect(inTheWay.text).toContain('answers predictions');
  const second = await client.models.get.query({ name: 'parts-rlr' });
  const run = second[0]?.manifest.lineage.run ?? '';
  const key = randomUUID();
  const image = { sha256: 'ab'.repeat(32), bytes: 9, range: undefined, at: new Date() };
  await platform.database.keptImages.add([
    { ...image, inspection: key, model: 'parts-rlr', modelVersion: 2 },
  ]);
  const plan = await client.models.deletion.query({ name: 'parts-rlr', version: 2 });
  expect(plan.items.at(-1)).toMatchObject({ kind: 'kept image', name: key });
  expect(await trpcError(client.runs.delete.mutate({ id: run }))).toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('parts-rlr version 2'),
  });
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const gone = await send('DELETE', '/v1/models/parts-rlr/versions/2');
  expect(gone.status).toBe(200);
  expect(deletionPlanSchema.parse(JSON.parse(gone.text)).counts).toEqual([
    { kind: 'model version', count: 1 },
    { kind: 'training run', count: 1 },
    { kind: 'kept image', count: 1 },
  ]);
  expect(said).toHaveBeenCalledWith(
    'Deleted by this machine: version 2 of the model "parts-rlr" (1 model version, 1 training run, 1 kept image).',
  );
  said.mockRestore();
  expect(await trpcError(client.runs.get.query({ id: run }))).toMatchObject({ code: 'NOT_FOUND' });
  expect((await client.leaderboards.get.query({ dataset: 'parts' })).rows).toHaveLength(1);
  const third = await platform.publish({ model: 'parts-rlr', dataset: 'parts' });
  expect(third.version).toBe(3);
});

test('a model that serves goes as a whole: predictions end clearly, and its name can be another’s', async () => {
  const ask = askModel(platform.url);
  const image = await grayPng(45);
  const before = await ask('', image);
  expect(before.status).toBe(200);
  const card = '/v1/models/parts-rlr/versions/1/files/card.md';
  const etag = (await send('GET', card)).headers.get('etag') ?? '';
  expect((await send('GET', card, { 'if-none-match': etag })).status).toBe(304);

  const asked = await Promise.all([
    ...Array.from({ length: 6 }, () => ask('', image)),
    send('DELETE', '/v1/models/parts-rlr'),
    send('DELETE', '/v1/models/parts-rlr'),
    ...Array.from({ length: 6 }, () => ask('?version=3', image)),
  ]);
  const statuses = asked.map(({ status }) => status);
  expect(statuses.slice(6, 8).sort()).toEqual([200, 404]);
  for (const status of statuses) expect([200, 404]).toContain(status);
  expect((await ask('', image)).status).toBe(404);
  await expect.poll(() => platform.server.inference.pids()).toEqual({});

  // By another graph, under the same name and number.
  await platform.publish({ model: 'parts-rlr', dataset: 'parts', graph: 'darkness' });
  const after = await ask('', image);
  expect(after.status).toBe(200);
  expect(after.body['imageScore']).not.toBe(before.body['imageScore']);
  expect((await send('GET', card, { 'if-none-match': etag })).status).toBe(200);
});

test('a dataset version goes with what was trained on it, and others stay', async () => {
  const excluded = (await client.datasets.samples.query({ name: 'parts' })).samples.at(-1)?.path;
  const version = await makeVersion([{ kind: 'exclude', paths: [excluded ?? ''] }]);
  await platform.publish({ model: 'parts-rlr', dataset: 'parts' });
  const run = await start(version);
  const waiting = await client.datasets.deletion.query({ name: 'parts', version });
  expect(waiting.blockers.map(({ reason }) => reason).join()).toContain(`${run.id} of other`);
  expect((await send('DELETE', `/v1/datasets/parts/versions/${version}`)).status).toBe(409);
  expect((await send('DELETE', `/v1/runs/${run.id}`)).status).toBe(409);
  await client.runs.cancel.mutate({ id: run.id });

  const plan = await client.datasets.deletion.query({ name: 'parts', version });
  expect(plan.blockers).toEqual([]);
  expect(plan.items.map(({ kind, name }) => [kind, name])).toEqual([
    ['dataset version', `parts v${version}`],
    ['model version', 'parts-rlr/2'],
    ...[expect.anything(), expect.anything()],
  ]);
  const unseen = await start(version);
  await client.runs.cancel.mutate({ id: unseen.id });
  const { seen } = plan;
  expect(
    await trpcError(client.datasets.deleteVersion.mutate({ name: 'parts', version, seen })),
  ).toMatchObject({ code: 'CONFLICT', field: 'seen' });
  expect((await send('DELETE', `/v1/datasets/parts/versions/${version}`)).status).toBe(200);
  expect(await client.datasets.get.query({ name: 'parts' })).toMatchObject({ version: 1 });
  expect(await trpcError(client.runs.resume.mutate({ id: run.id }))).toMatchObject({
    code: 'NOT_FOUND',
  });
  expect((await client.models.get.query({ name: 'parts-rlr' })).map((one) => one.version)).toEqual([
    1,
  ]);
  expect(await makeVersion([{ kind: 'exclude', paths: [excluded ?? ''] }])).toBe(version + 1);
  const last = await send('DELETE', '/v1/datasets/parts');
  expect(last.status).toBe(409);
  expect(JSON.parse(last.text).error.fix).toContain('plumb models delete parts-rlr');
});

test('a run that starts while its dataset is deleted is refused, or refuses the deletion; never half of both', async () => {
  await client.models.delete.mutate({ name: 'parts-rlr' });
  for (let round = 0; round < 6; round++) {
    const [started, deleted] = await Promise.allSettled([
      start(),
      client.datasets.delete.mutate({ name: 'parts' }),
      client.datasets.delete.mutate({ name: 'parts' }),
    ]);
    if (started.status === 'fulfilled') {
      expect(await client.datasets.get.query({ name: 'parts' })).toMatchObject({ name: 'parts' });
      await client.runs.cancel.mutate({ id: started.value.id });
      expect((await client.datasets.deletion.query({ name: 'parts' })).typed).toBe('parts');
      await client.datasets.delete.mutate({ name: 'parts' });
    } else {
      expect(await trpcError(Promise.reject(started.reason))).toMatchObject({ code: 'NOT_FOUND' });
    }
    if (deleted.status === 'rejected')
      expect(['NOT_FOUND', 'CONFLICT']).toContain(
        (await trpcError(Promise.reject(deleted.reason))).code,
      );
    expect(await client.datasets.list.query()).toEqual([]);
    expect(await client.runs.list.query()).toEqual([]);
    // The name can be used again.
    await platform.addDataset('parts');
  }
});

test('a dataset that another one takes images from stays until it has them', async () => {
  await platform.addDataset('more', 5);
  const add = (from: string) =>
    client.datasets.edit.mutate({ name: 'parts', changes: [{ kind: 'add', from }] });
  expect(await trpcError(add('none'))).toMatchObject({ code: 'NOT_FOUND' });
  await add('more');
  for (const name of ['more', 'parts']) {
    const refused = await trpcError(client.datasets.delete.mutate({ name }));
    expect(refused).toMatchObject({ code: 'CONFLICT' });
    expect(refused.message).toContain('A version of parts is being made');
  }
});
