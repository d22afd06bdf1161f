/** @file What is the same for imports of every kind, from asking for one to its end. */
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type Attempt,
  type Database,
  openDatabase,
  startQueueWorker,
  takeOverLostTrainers,
} from '../index.ts';
import { createTestDatabase, type TestDatabase, taken } from '../testing/index.ts';

const TIMEOUT = { timeout: 60_000 };

let server: TestDatabase;
let database: Database;
let client: pg.Client;

beforeAll(async () => {
  server = await createTestDatabase();
  database = await openDatabase(server.url);
  client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query(
    `INSERT INTO "Dataset" (name, version) VALUES ('nuts', 1); INSERT INTO "DatasetVersion" ("datasetName", version, hash, layout, images, bytes, report, "testSet") VALUES ('nuts', 1, 'ab', 'mvtec', 0, 0, '{}', '')`,
  );
});

afterAll(async () => {
  await client?.end();
  await database?.close();
  await server?.stop();
});

const createImport = (name: string) =>
  database.imports.create({ name, source: { kind: 'sample', seed: 0 } });
const createResults = (model: string) =>
  database.results.create({
    dataset: 'nuts',
    model,
    method: 'theirs',
    seed: 0,
    protocol: 'plumbline-256',
    mapResize: 'refuse',
    note: '',
    source: { kind: 'path', path: '/nowhere' },
  });
const kinds = [
  { kind: 'import', create: createImport, rows: () => database.imports },
  { kind: 'results', create: createResults, rows: () => database.results },
] as const;

const waiting = async () => (await client.query('SELECT key FROM graphile_worker.jobs')).rows;

test.each(kinds)('$kind: progress goes on and starts anew', async ({ create, rows }) => {
  const { id } = await create('advancing');
  const first = await taken(rows(), id);
  await rows().progress(first, 0, 9);
  expect(await rows().get(id)).toMatchObject({ status: 'running', checked: 0, total: 9 });
  await rows().progress(first, 5, 9);
  await rows().progress(first, 4, 9);
  expect(await rows().get(id)).toMatchObject({ checked: 5 });
  const second = await taken(rows(), id);
  expect(await rows().get(id)).toMatchObject({ checked: 0, total: null });
  await rows().fail(second, { code: 'INTERNAL', message: 'x', fix: null, file: null, field: null });
  expect(await rows().take(id)).toBeNull();
  expect(await rows().get(id)).toMatchObject({ status: 'failed', error: { message: 'x' } });
});

test.each(kinds)('$kind: a lost trainer’s import waits again', async ({ create, rows }) => {
  const { id } = await create('lost');
  await taken(rows(), id);
  await database.trainers.register({ id: 'lost', host: 'elsewhere', pid: 1 });
  await client.query(`UPDATE "Trainer" SET "workerIds" = '{w}' WHERE id = 'lost'`);
  await client.query(
    "UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'w' WHERE key = $1",
    [id],
  );
  expect(await takeOverLostTrainers(server.url, { lostAfterMs: 0 })).toEqual([id]);
  expect((await rows().get(id)).status).toBe('queued');
  expect(await waiting()).toContainEqual({ key: id });
});

test.each(kinds)('$kind: what may pass is tried three times', async ({ kind, create, rows }) => {
  await client.query('DELETE FROM graphile_worker._private_jobs');
  const { id } = await create('thrice');
  let tries = 0;
  const fails = async (of: Attempt) => {
    if (of.id === id) tries++;
    throw new Error('away');
  };
  const worker = await startQueueWorker({
    url: server.url,
    trainerId: 'trainer',
    handlers: { [kind]: fails },
  });
  const hurry = async () => {
    await client.query('UPDATE graphile_worker._private_jobs SET run_at = now()');
    return rows().get(id);
  };
  await expect
    .poll(hurry, TIMEOUT)
    .toMatchObject({ status: 'failed', error: { message: 'Unexpected failure: away' } });
  expect(tries).toBe(3);
  await expect.poll(waiting, TIMEOUT).toEqual([]);
  await worker.stop();
});
