/** @file What an attempt can still write once another has begun: nothing. */
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Attempt, type Database, openDatabase, takeOverLostTrainers } from '../index.ts';
import { createTestDatabase, type TestDatabase, taken } from '../testing/index.ts';

const ERROR = { code: 'UNAVAILABLE', message: 'x', fix: null, file: null, field: null } as const;
const SUPERSEDED = { name: 'SupersededError', message: expect.stringContaining('Attempt 1 ') };

let server: TestDatabase;
let database: Database;
let client: pg.Client;
let stale: Attempt;
let current: Attempt;

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

beforeEach(async () => {
  const training = { method: 'rlr', preset: 'tiny', backbone: 'compact', seed: 0 } as const;
  const { id } = await database.runs.create({ dataset: 'nuts', ...training });
  stale = await taken(database.attempts, id, 'paused');
  current = await taken(database.attempts, id, 'second');
});

/** Everything that the database holds of the run. */
async function stored(): Promise<unknown> {
  const { id } = current;
  const { rows } = await client.query('SELECT * FROM "TrainingRun" WHERE id = $1', [id]);
  const timings = await client.query('SELECT * FROM "PartTiming" WHERE "runId" = $1', [id]);
  const jobs = await client.query(
    'SELECT id, run_at FROM graphile_worker.jobs WHERE key = $1 ORDER BY id',
    [id],
  );
  const [losses, logs] = [await database.runs.losses(id), await database.runs.logs(id)];
  return { rows, losses, logs, timings: timings.rows, jobs: jobs.rows };
}

const refused: Readonly<Record<string, () => Promise<unknown>>> = {
  progress: () => database.attempts.update(stale, { progress: 0.9, message: 'stale' }),
  losses: () => database.attempts.addLosses(stale, [{ level: 'a', step: 1, loss: 9 }]),
  'a log line': () => database.attempts.log(stale, 'info', 'stale'),
  'its failure': () => database.attempts.fail(stale, ERROR),
  'its next attempt': () => database.attempts.retryLater(stale, new Error('lost'), {}),
  publication: () =>
    database.models.publish({
      attempt: stale,
      // It is refused before it is looked at.
      manifest: { model: 'nuts-rlr', lineage: { dataset: 'nuts' } } as never,
      bundleDirectory: 'stale',
      bundleHash: 'ab',
      sizeBytes: 1,
      images: [],
    }),
};

it.each(Object.entries(refused))('refuses %s of a superseded attempt', async (_, write) => {
  const before = await stored();
  await expect(write()).rejects.toMatchObject(SUPERSEDED);
  expect(await stored()).toEqual(before);
});

it('ignores a superseded attempt that lets go of the run, and its timings', async () => {
  const before = await stored();
  await database.attempts.release(stale);
  await database.attempts.cancelled(stale);
  await database.attempts.addTimings(stale, { host: 'h', provider: 'cpu' }, [
    { key: 'k', units: 1, seconds: 1, expectedSeconds: 1 },
  ]);
  expect(await stored()).toEqual(before);
  await database.attempts.release(current);
  expect((await database.runs.get(current.id)).status).toBe('queued');
});

it('refuses the writes of a run that waits again, and the same after it was resumed', async () => {
  await client.query(`UPDATE "TrainingRun" SET status = 'queued' WHERE id = $1`, [current.id]);
  await expect(database.attempts.update(current, { progress: 1 })).rejects.toThrow(/Attempt 2/);
  await expect(database.attempts.log(current, 'info', 'late')).rejects.toThrow(/Attempt 2/);
  await database.runs.requestCancel(current.id);
  await database.runs.resume(current.id);
  const next = await taken(database.attempts, current.id);
  expect(next.number).toBe(3);
  await expect(database.attempts.fail(current, ERROR)).rejects.toThrow(/Attempt 2/);
  await database.attempts.update(next, { progress: 0.25 });
  expect(await database.runs.get(current.id)).toMatchObject({ status: 'running', progress: 0.25 });
});

it('does not let a process whose clock is wrong seem lost, nor one that is silent seem alive', async () => {
  await database.trainers.register({ id: 'ahead', host: 'elsewhere', pid: 1 });
  const { rows } = await client.query(
    `SELECT abs(extract(epoch FROM now() AT TIME ZONE 'UTC' - "heartbeatAt"))::float8 AS off FROM "Trainer"`,
  );
  expect(rows[0].off).toBeLessThan(30);
  // Another client's zone must not shift what `now()` writes.
  await client.query("ALTER ROLE CURRENT_USER SET timezone = 'Pacific/Auckland'");
  const elsewhere = await openDatabase(server.url);
  try {
    await elsewhere.trainers.heartbeat('ahead');
    expect(await takeOverLostTrainers(server.url)).toEqual([]);
    expect((await elsewhere.trainers.list()).map(({ alive }) => alive)).toEqual([true]);
    const [heard] = await elsewhere.trainers.list();
    expect(Math.abs(Date.parse(heard?.heartbeatAt ?? '') - Date.now())).toBeLessThan(60_000);
  } finally {
    await client.query('ALTER ROLE CURRENT_USER RESET timezone');
    await elsewhere.close();
  }
  await takeOverLostTrainers(server.url, { lostAfterMs: 0 });
  expect(await database.trainers.list()).toEqual([]);
});
