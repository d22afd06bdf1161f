/** @file The queue's worker: graphile-worker takes imports and training runs for a trainer (docs/adr/0004). */
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError, mayPass, TRAINER_HEARTBEAT_MS, toErrorBody } from '@plumbline/contracts';
import {
  Logger,
  type Runner,
  run,
  type Task,
  type TaskList,
  type WorkerEvents,
} from 'graphile-worker';
import type pg from 'pg';
import { z } from 'zod';
import { openClient } from './client.ts';
import { openPool } from './connection.ts';
import { DatasetRepository } from './dataset-repository.ts';
import { ImportRepository } from './import-repository.ts';
import { makeDue, renewLocks, unlockJobs } from './queue-locks.ts';
import { ResultImportRepository } from './result-import-repository.ts';
import { RunRepository } from './run-repository.ts';

export interface QueueHandlers {
  /**
   * Records its success itself. What it throws is recorded as the failure at once if doing it again would be no use
   * (contracts' `mayPass`); else it is tried again, later each time, an import three and a run five times in all. When `signal` is aborted the job goes back to the queue, uncounted.
   */
  import(importId: string, signal: AbortSignal): Promise<void>;
  train(runId: string, signal: AbortSignal): Promise<void>;
  /** Imports of external results. A worker without it leaves them to others. */
  results?(resultId: string, signal: AbortSignal): Promise<void>;
}

export interface QueueWorkerOptions {
  readonly url: string;
  /** A registered trainer: when it is lost, its jobs are given back. */
  readonly trainerId: string;
  readonly handlers: QueueHandlers;
  /** Jobs at a time; 1 when absent. */
  readonly concurrency?: number;
  /** Before the second, third, … attempt of a run; `RETRY_DELAYS_MS` when absent. */
  readonly retryDelaysMs?: readonly number[];
}

export interface QueueWorker {
  /** Aborts what runs, waits for it, and gives the jobs back. */
  stop(): Promise<void>;
}

/** What a job is about, as its row says. */
interface Subject {
  isActive(): Promise<boolean>;
  fail(error: unknown): Promise<void>;
  /** Leaves it to a later attempt, or fails it after the last; what it throws is for the queue to try again. */
  retry(error: unknown, attempt: number): Promise<void>;
}

/** Times that an import may throw before its row is marked as failed. */
const MAX_FAILURES = 3;
const RESTART_PAUSE_MS = 1_000;
const importPayload = z.object({ importId: z.string() });
const trainPayload = z.object({ runId: z.string() });
const resultsPayload = z.object({ resultId: z.string() });
const silent = new Logger(() => () => {});
const isActive = ({ status }: { status: string }) => status === 'queued' || status === 'running';

/** Takes jobs until stopped. */
export async function startQueueWorker(options: QueueWorkerOptions): Promise<QueueWorker> {
  const { trainerId, url, concurrency = 1 } = options;
  const pool = openPool(url, 3 * concurrency + 2);
  const client = openClient(url);
  const jobs = new JobPerformer();
  const tasks = taskList(options, jobs, {
    runs: new RunRepository(client),
    imports: new ImportRepository(client, new DatasetRepository(client)),
    results: new ResultImportRepository(client),
  });
  const lanes: Lane[] = [];
  const remember = () =>
    pool.query(
      'UPDATE "Trainer" SET "workerIds" = $2 WHERE id = $1 AND "workerIds" <> $2::text[]',
      [trainerId, lanes.map((lane) => lane.workerId)],
    );
  for (let index = 0; index < concurrency; index++) {
    const lane = new Lane(pool, tasks, async () => void (await remember()));
    lanes.push(lane);
    await lane.start();
  }
  const keeper = setInterval(() => {
    const workerIds = lanes.map((lane) => lane.workerId);
    renewLocks(pool, workerIds, jobs.keys())
      .then((lost) => jobs.abort('Another trainer has taken over this job.', lost))
      .then(remember)
      .catch(() => {});
  }, TRAINER_HEARTBEAT_MS);
  return {
    async stop() {
      clearInterval(keeper);
      jobs.stop();
      await Promise.all(lanes.map((lane) => lane.stop()));
      await makeDue(pool, jobs.interrupted());
      await client.$disconnect();
      await pool.end();
    },
  };
}

/** Performs jobs and decides what becomes of one that threw. */
class JobPerformer {
  readonly #underway = new Map<string, AbortController>();
  readonly #interrupted = new Set<string>();
  #isStopping = false;

  keys(): string[] {
    return [...this.#underway.keys()];
  }

  interrupted(): string[] {
    return [...this.#interrupted];
  }

  abort(reason: string, keys: readonly string[]): void {
    for (const key of keys) this.#underway.get(key)?.abort(new DomainError('CANCELLED', reason));
  }

  stop(): void {
    this.#isStopping = true;
    this.abort('The trainer is stopping; the work goes on where it was left.', this.keys());
  }

  async perform(
    key: string,
    attempt: number,
    subject: Subject,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const controller = new AbortController();
    const { signal } = controller;
    this.#underway.set(key, controller);
    if (this.#isStopping) this.stop();
    try {
      signal.throwIfAborted();
      // Cancelled while it waited, or ended by a trainer that was lost before it could say so to the queue.
      if (!(await subject.isActive())) return;
      await work(signal);
      if (signal.aborted && (await subject.isActive())) signal.throwIfAborted();
    } catch (error) {
      if (signal.aborted) {
        this.#interrupted.add(key);
        throw error;
      }
      return mayPass(error) ? subject.retry(error, attempt) : subject.fail(error);
    } finally {
      this.#underway.delete(key);
    }
  }
}

interface Repositories {
  readonly runs: RunRepository;
  readonly imports: ImportRepository;
  readonly results: ResultImportRepository;
}

function taskList(
  { handlers, retryDelaysMs }: QueueWorkerOptions,
  jobs: JobPerformer,
  { runs, imports, results }: Repositories,
): TaskList {
  return {
    import: (payload, { job }) => {
      const { importId } = importPayload.parse(payload);
      const subject: Subject = {
        isActive: async () => isActive(await imports.get(importId)),
        fail: (error) => imports.fail(importId, toErrorBody(error)),
        retry: (error, attempt) => retryImport(imports, importId, error, attempt),
      };
      return jobs.perform(importId, job.attempts, subject, (signal) =>
        handlers.import(importId, signal),
      );
    },
    train: (payload, { job }) => {
      const { runId } = trainPayload.parse(payload);
      const subject: Subject = {
        isActive: async () => isActive(await runs.get(runId)),
        fail: (error) => runs.fail(runId, toErrorBody(error)),
        retry: (error) => runs.retryLater(runId, toErrorBody(error), retryDelaysMs),
      };
      return jobs.perform(runId, job.attempts, subject, (signal) => handlers.train(runId, signal));
    },
    ...(handlers.results === undefined
      ? {}
      : { results: resultsTask(handlers.results.bind(handlers), jobs, results) }),
  };
}

async function retryImport(
  imports: Pick<ImportRepository | ResultImportRepository, 'fail' | 'release'>,
  id: string,
  error: unknown,
  attempt: number,
): Promise<void> {
  if (attempt >= MAX_FAILURES) return imports.fail(id, toErrorBody(error));
  await imports.release(id);
  throw error;
}

function resultsTask(
  handle: NonNullable<QueueHandlers['results']>,
  jobs: JobPerformer,
  results: ResultImportRepository,
): Task {
  return (payload, { job }) => {
    const { resultId } = resultsPayload.parse(payload);
    const subject: Subject = {
      isActive: async () => isActive(await results.get(resultId)),
      fail: (error) => results.fail(resultId, toErrorBody(error)),
      retry: (error, attempt) => retryImport(results, resultId, error, attempt),
    };
    return jobs.perform(resultId, job.attempts, subject, (signal) => handle(resultId, signal));
  };
}

/**
 * One graphile worker. It ends itself when it can't write down a job's end because the database is away; it is then
 * started anew, and the job, whose row says how it ended, is taken once more and found done.
 */
class Lane {
  readonly #pool: pg.Pool;
  readonly #tasks: TaskList;
  readonly #onStart: () => Promise<void>;
  #runner: Runner | null = null;
  #restart: Promise<void> = Promise.resolve();
  #isStopping = false;
  workerId = '';

  constructor(pool: pg.Pool, tasks: TaskList, onStart: () => Promise<void>) {
    this.#pool = pool;
    this.#tasks = tasks;
    this.#onStart = onStart;
  }

  async start(): Promise<void> {
    // The worker is created before `run` resolves, so the listener must be there first.
    const events: WorkerEvents = new EventEmitter();
    events.on('worker:create', ({ worker }) => {
      this.workerId = worker.workerId;
    });
    events.on('worker:fatalError', () => {
      this.#restart = this.#startAgain(this.workerId);
    });
    this.#runner = await run({
      events,
      pgPool: this.#pool,
      concurrency: 1,
      noHandleSignals: true,
      logger: silent,
      taskList: this.#tasks,
    });
    this.#runner.promise.catch(() => {});
    await this.#onStart();
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#restart;
    await this.#runner?.stop();
  }

  async #startAgain(lostWorkerId: string): Promise<void> {
    await this.#runner?.stop().catch(() => {});
    this.#runner = null;
    while (!this.#isStopping) {
      try {
        await makeDue(this.#pool, await unlockJobs(this.#pool, [lostWorkerId]));
        return await this.start();
      } catch {
        await sleep(RESTART_PAUSE_MS);
      }
    }
  }
}
