/**
 * @file The job queue: graphile-worker. A trainer's worker carries the trainer's id, so that the jobs of one that is
 * gone can be unlocked at once instead of after graphile's four hours (docs/adr/0004).
 */
import { EventEmitter } from 'node:events';
import { DomainError } from '@plumbline/contracts';
import { Logger, makeWorkerUtils, type Runner, run, type WorkerEvents } from 'graphile-worker';
import pg from 'pg';
import { z } from 'zod';
import { openClient } from './client.ts';
import { RunRepository } from './run-repository.ts';
import { isLost } from './trainer-repository.ts';

export interface QueueHandlers {
  /** Must record its own failures; what it throws otherwise is tried again. */
  import(importId: string, signal: AbortSignal): Promise<void>;
  train(runId: string, signal: AbortSignal): Promise<void>;
}

export interface QueueWorkerOptions {
  readonly url: string;
  readonly trainerId: string;
  readonly handlers: QueueHandlers;
}

export interface QueueWorker {
  /** Aborts what runs, waits for it, and gives the jobs back. */
  stop(): Promise<void>;
}

const importPayload = z.object({ importId: z.string() });
const trainPayload = z.object({ runId: z.string() });
const silent = new Logger(() => () => {});

/** Takes jobs one at a time until stopped. */
export async function startQueueWorker(options: QueueWorkerOptions): Promise<QueueWorker> {
  const { handlers, trainerId, url } = options;
  const abort = new AbortController();
  const underway = new Set<string>();
  const during = async (key: string, work: () => Promise<void>): Promise<void> => {
    underway.add(key);
    try {
      await work();
      underway.delete(key);
    } catch (error) {
      if (!abort.signal.aborted) underway.delete(key);
      throw error;
    }
  };
  // Workers are created before `run` resolves, so the listener must be there first.
  const events: WorkerEvents = new EventEmitter();
  const remembered: Promise<void>[] = [];
  events.on('worker:create', ({ worker }) =>
    remembered.push(rememberWorker(url, trainerId, worker.workerId)),
  );
  const runner: Runner = await run({
    events,
    connectionString: url,
    concurrency: 1,
    noHandleSignals: true,
    logger: silent,
    taskList: {
      import: (payload) => {
        const { importId } = importPayload.parse(payload);
        return during(importId, () => handlers.import(importId, abort.signal));
      },
      train: (payload) => {
        const { runId } = trainPayload.parse(payload);
        return during(runId, () => handlers.train(runId, abort.signal));
      },
    },
  });
  runner.events.on(
    'worker:create',
    ({ worker }) => void rememberWorker(url, trainerId, worker.workerId),
  );
  await Promise.all(remembered);
  return {
    async stop() {
      abort.abort(
        new DomainError(
          'CANCELLED',
          'The trainer is stopping; the work goes on where it was left.',
        ),
      );
      await runner.stop();
      await runNow(url, [...underway]);
    },
  };
}

async function rememberWorker(url: string, trainerId: string, workerId: string): Promise<void> {
  await withClient(url, (client) =>
    client.query('UPDATE "Trainer" SET "workerIds" = array_append("workerIds", $2) WHERE id = $1', [
      trainerId,
      workerId,
    ]),
  );
}

/** Makes given-back jobs due at once; the interruption does not count as an attempt. */
async function runNow(url: string, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  const utils = await makeWorkerUtils({ connectionString: url, logger: silent });
  try {
    const jobs = await withClient(url, (client) =>
      client.query<{ id: string }>(
        'SELECT id::text FROM graphile_worker.jobs WHERE key = ANY($1)',
        [keys],
      ),
    );
    await utils.rescheduleJobs(
      jobs.rows.map((row) => row.id),
      { runAt: new Date(), attempts: 0 },
    );
  } finally {
    await utils.release();
  }
}

const LOCKED_JOBS =
  'SELECT key FROM graphile_worker.jobs WHERE locked_by = ANY($1) AND key IS NOT NULL';

/**
 * Gives the jobs of trainers that are gone back to the queue.
 * @returns Keys (run and import ids) of the jobs that any trainer may now take.
 */
export async function takeOverLostTrainers(url: string, now = Date.now()): Promise<string[]> {
  return withClient(url, async (client) => {
    const trainers = await client.query<{
      id: string;
      host: string;
      pid: number;
      workerIds: string[];
      heartbeatAt: Date;
    }>('SELECT id, host, pid, "workerIds", "heartbeatAt" FROM "Trainer"');
    const lost = trainers.rows.filter((trainer) => isLost(trainer, now));
    if (lost.length === 0) return [];
    const workers = lost.flatMap((trainer) => trainer.workerIds);
    const keys = (await client.query<{ key: string }>(LOCKED_JOBS, [workers])).rows.map(
      (row) => row.key,
    );
    await releaseRuns(url, keys);
    const utils = await makeWorkerUtils({ connectionString: url, logger: silent });
    try {
      await utils.forceUnlockWorkers(workers);
    } finally {
      await utils.release();
    }
    await runNow(url, keys);
    await client.query('DELETE FROM "Trainer" WHERE id = ANY($1)', [
      lost.map((trainer) => trainer.id),
    ]);
    return keys;
  });
}

async function releaseRuns(url: string, keys: readonly string[]): Promise<void> {
  const prisma = openClient(url);
  try {
    const runs = new RunRepository(prisma);
    for (const key of keys) await runs.release(key);
  } finally {
    await prisma.$disconnect();
  }
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
