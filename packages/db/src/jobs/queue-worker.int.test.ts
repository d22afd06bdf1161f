import { DomainError } from '@plumbline/contracts';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Database,
  type JobHandlers,
  type JobProblem,
  migrateDatabase,
  openDatabase,
  type QueueWorkerOptions,
  startQueueWorker,
  takeOverLostTrainers,
} from '../index.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';

const TIMEOUT = { timeout: 60_000 };
const SOURCE = { kind: 'sample', seed: 0 } as const;
const HASH = 'ab'.repeat(32);

let server: TestDatabase;
let database: Database;
let client: pg.Client;

beforeAll(async () => {
  server = await createTestDatabase();
  database = await openDatabase(server.url);
  client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await database.datasets.create({
    name: 'nuts',
    imported: {
      manifest: { formatVersion: 1, layout: 'mvtec', samples: [] },
      hash: HASH,
      report: {
        layout: 'mvtec',
        images: 0,
        bytes: 0,
        categories: [],
        identicalImages: [],
        warnings: [],
      },
    },
  });
});

afterAll(async () => {
  await client?.end();
  await database?.close();
  await server?.stop();
});

function startWorker(
  handlers: Partial<JobHandlers>,
  options: Partial<Omit<QueueWorkerOptions, 'url' | 'handlers'>> = {},
) {
  const none = async () => {};
  return startQueueWorker({
    url: server.url,
    trainerId: 'trainer',
    retryDelaysMs: [50, 50],
    ...options,
    handlers: { import: none, train: none, ...handlers },
  });
}

const createRun = (model = 'nuts-rlr') =>
  database.runs.create({
    dataset: 'nuts',
    method: 'rlr',
    preset: 'tiny',
    backbone: 'compact',
    seed: 0,
    model,
  });

const jobs = async () =>
  (await client.query('SELECT key, attempts FROM graphile_worker.jobs ORDER BY key')).rows;

describe('queue worker', () => {
  it('records a user’s error and what a check found at once, and what may pass after the last attempt', async () => {
    let [tries, imports] = [0, 0];
    const worker = await startWorker({
      import: async () => {
        throw new DomainError(imports++ ? 'DEFECT' : 'INVALID_INPUT', 'x', { file: 'a.png' });
      },
      train: async () => {
        tries++;
        throw new Error('defect');
      },
    });
    const failed = await database.imports.create({ name: 'bolts', source: SOURCE });
    const run = await createRun();
    await expect
      .poll(async () => (await database.imports.get(failed.id)).status, TIMEOUT)
      .toBe('failed');
    expect((await database.imports.get(failed.id)).error).toMatchObject({ file: 'a.png' });
    // The name is free again.
    const again = await database.imports.create({ name: 'bolts', source: SOURCE });
    await expect.poll(async () => (await database.runs.get(run.id)).status, TIMEOUT).toBe('failed');
    expect((await database.runs.get(run.id)).error).toMatchObject({ code: 'INTERNAL' });
    const texts = (await database.runs.logs(run.id)).map(({ text }) => text);
    expect(texts).toEqual([
      'Retrying in 0.05 s (attempt 2 of 3): Unexpected failure: defect',
      'Retrying in 0.05 s (attempt 3 of 3): Unexpected failure: defect',
      'Failed after 3 attempts.',
      'Unexpected failure: defect',
    ]);
    await expect
      .poll(() => database.imports.get(again.id), TIMEOUT)
      .toMatchObject({ status: 'failed', error: { code: 'DEFECT' } });
    expect([tries, imports]).toEqual([3, 2]);
    await expect.poll(jobs, TIMEOUT).toEqual([]);
    await worker.stop();
  });

  it('tells of a job whose row can’t be taken, which stays in the queue', async () => {
    await client.query(
      `CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$ LANGUAGE plpgsql;
       CREATE TRIGGER refuse BEFORE UPDATE ON "DatasetImport" FOR EACH ROW EXECUTE FUNCTION refuse();`,
    );
    const problems: JobProblem[] = [];
    const worker = await startWorker({}, { onJobError: (problem) => problems.push(problem) });
    const { id } = await database.imports.create({ name: 'washers', source: SOURCE });
    await expect.poll(() => problems, TIMEOUT).toMatchObject([{ kind: 'import', id, tries: 1 }]);
    expect(String(problems[0]?.error)).toContain('refused');
    await client.query('DROP FUNCTION refuse() CASCADE');
    await client.query(
      'SELECT graphile_worker.reschedule_jobs(ARRAY(SELECT id FROM graphile_worker.jobs), now())',
    );
    await expect.poll(jobs, TIMEOUT).toEqual([]);
    await worker.stop();
  });

  it('waits between attempts, says so, and is cancelled at once while it waits', async () => {
    const full = new DomainError('UNAVAILABLE', 'The disk is full.', { fix: 'Free space.' });
    const worker = await startWorker(
      {
        train: async () => {
          throw full;
        },
      },
      { retryDelaysMs: [600_000] },
    );
    const run = await createRun();
    const message = 'Retrying in 600 s (attempt 2 of 2): The disk is full.';
    await expect
      .poll(() => database.runs.get(run.id), TIMEOUT)
      .toMatchObject({ status: 'queued', message, attempts: 1, error: null });
    expect((await database.runs.requestCancel(run.id)).status).toBe('cancelled');
    await expect.poll(jobs, TIMEOUT).toEqual([]);
    await worker.stop();
  });

  it('takes a failed or a cancelled run up again, and no other', async () => {
    let isBroken = true;
    const done: string[] = [];
    const worker = await startWorker({
      train: async ({ id }) => {
        if (isBroken) throw new DomainError('INVALID_INPUT', 'broken');
        done.push(id);
        await client.query(`UPDATE "TrainingRun" SET status = 'succeeded' WHERE id = $1`, [id]);
      },
    });
    const run = await createRun();
    const status = async () => (await database.runs.get(run.id)).status;
    await expect.poll(status, TIMEOUT).toBe('failed');
    isBroken = false;
    expect(await database.runs.resume(run.id)).toMatchObject({
      status: 'queued',
      error: null,
      finishedAt: null,
    });
    await expect.poll(status, TIMEOUT).toBe('succeeded');
    await expect(database.runs.resume(run.id)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('succeeded'),
    });
    await expect(database.runs.resume('none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await worker.stop();

    const cancelled = await createRun();
    await expect(database.runs.resume(cancelled.id)).rejects.toMatchObject({ code: 'CONFLICT' });
    await database.runs.requestCancel(cancelled.id);
    const resumed = await database.runs.resume(cancelled.id);
    expect(resumed).toMatchObject({ status: 'queued', cancelRequested: false });
    expect(await jobs()).toMatchObject([{ key: cancelled.id }]);
    await database.runs.requestCancel(cancelled.id);
  });

  it('fails a run whose trainers are lost again and again, in whatever process that is counted', async () => {
    const run = await createRun();
    for (const attempt of [2, 3, 4, 5, null]) {
      await database.trainers.register({ id: 'doomed', host: 'elsewhere', pid: 1 });
      await database.attempts.take(run.id, 'doomed');
      await client.query(
        "UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'd' WHERE key = $1",
        [run.id],
      );
      await client.query(`UPDATE "Trainer" SET "workerIds" = '{d}' WHERE id = 'doomed'`);
      await takeOverLostTrainers(server.url, { lostAfterMs: 0 });
      const { status, message, error } = await database.runs.get(run.id);
      if (attempt === null) {
        expect({ status, code: error?.code }).toEqual({ status: 'failed', code: 'INTERNAL' });
      } else {
        expect(status).toBe('queued');
        expect(message).toContain(`the last one was lost (attempt ${attempt} of 5)`);
      }
    }
    expect(await jobs()).toEqual([]);
  });

  it('does not count a stop as an attempt, even when the handler hides it', async () => {
    const run = await createRun();
    let begun = 0;
    for (const round of [1, 2, 3, 4]) {
      const worker = await startWorker({
        train: async (_, signal) => {
          begun++;
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
        },
      });
      await expect.poll(() => begun, TIMEOUT).toBe(round);
      await worker.stop();
      expect(await jobs()).toEqual([{ key: run.id, attempts: 0 }]);
    }
    await database.runs.requestCancel(run.id);
    expect(await jobs()).toEqual([]);
  });

  it('keeps its locks young, and stops work whose lock is another’s', async () => {
    const run = await createRun();
    let aborted = false;
    const worker = await startWorker({
      train: async (_, signal) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        aborted = true;
        signal.throwIfAborted();
      },
    });
    const lockAge = async () =>
      (
        await client.query<{ age: number | null }>(
          'SELECT extract(epoch FROM now() - locked_at)::float8 AS age FROM graphile_worker.jobs',
        )
      ).rows[0]?.age ?? null;
    await expect.poll(lockAge, TIMEOUT).not.toBeNull();
    // Graphile itself clears locks of four hours within a minute of a worker's start.
    await client.query(
      "UPDATE graphile_worker._private_jobs SET locked_at = now() - interval '3 hours'",
    );
    await expect.poll(lockAge, TIMEOUT).toBeLessThan(60);
    expect(aborted).toBe(false);
    await client.query("UPDATE graphile_worker._private_jobs SET locked_by = 'another'");
    await expect.poll(() => aborted, TIMEOUT).toBe(true);
    await worker.stop();
    // Its lock is renewed by nobody, and no trainer claims it.
    expect(await takeOverLostTrainers(database)).toEqual([]);
    const all = await Promise.all(
      [1, 2, 3].map(() => takeOverLostTrainers(database, { lostAfterMs: 0 })),
    );
    expect(all.flat()).toEqual([run.id]);
    await database.runs.requestCancel(run.id);
  });

  it('gives a lost trainer’s jobs back once, however many ask, and cancels what was to be cancelled', async () => {
    await database.trainers.register({ id: 'lost', host: 'elsewhere', pid: 1 });
    const kept = await createRun();
    const cancelled = await createRun();
    for (const { id } of [kept, cancelled]) {
      await database.attempts.take(id, 'lost');
      await client.query(
        "UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'w' WHERE key = $1",
        [id],
      );
    }
    await client.query(`UPDATE "Trainer" SET "workerIds" = '{w}' WHERE id = 'lost'`);
    await database.runs.requestCancel(cancelled.id);
    expect(await takeOverLostTrainers(server.url)).toEqual([]);
    const all = await Promise.all(
      [1, 2, 3].map(() => takeOverLostTrainers(server.url, { lostAfterMs: 0 })),
    );
    expect(all.flat()).toEqual([kept.id]);
    expect(await database.runs.get(kept.id)).toMatchObject({ status: 'queued', attempts: 1 });
    expect((await database.runs.get(cancelled.id)).status).toBe('cancelled');
    expect((await database.trainers.list()).map(({ id }) => id)).toEqual([]);
    // It slept: it is a trainer again with its next heartbeat.
    await database.trainers.heartbeat('lost');
    expect((await database.trainers.list()).map(({ id }) => id)).toEqual(['lost']);
    await database.trainers.remove('lost');
    await database.runs.requestCancel(kept.id);
    expect(await database.attempts.take(kept.id, 'late')).toBeNull();
  });

  it('is migrated by several processes at once', async () => {
    await client.query('CREATE DATABASE empty');
    const url = server.url.replace(/\/\w+$/, '/empty');
    const applied = await Promise.all([1, 2, 3].map(() => migrateDatabase(url)));
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
  });
});
