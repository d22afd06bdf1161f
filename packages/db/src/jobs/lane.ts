/** @file A worker of the queue that outlives the database's absence. */
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger, type Runner, run, type TaskList, type WorkerEvents } from 'graphile-worker';
import type pg from 'pg';
import { makeDue, unlockJobs } from './queue-locks.ts';

const RESTART_PAUSE_MS = 1_000;
const silent = new Logger(() => () => {});

/** A job that threw past its performer, which the queue will take again later. */
export interface JobProblem {
  readonly kind: string;
  /** Of the row that the job is about. */
  readonly id: string | null;
  readonly tries: number;
  readonly error: unknown;
}

export interface LaneListeners {
  onStart(): Promise<void>;
  onJobError(problem: JobProblem): void;
}

/**
 * One graphile worker. It ends itself when it can't write down a job's end because the database is away; it is then
 * started anew, and the job, whose row says how it ended, is taken once more and found done.
 */
export class Lane {
  readonly #pool: pg.Pool;
  readonly #tasks: TaskList;
  readonly #onStart: () => Promise<void>;
  readonly #onJobError: (problem: JobProblem) => void;
  #runner: Runner | null = null;
  #restart: Promise<void> = Promise.resolve();
  #isStopping = false;
  workerId = '';

  constructor(pool: pg.Pool, tasks: TaskList, { onStart, onJobError }: LaneListeners) {
    this.#pool = pool;
    this.#tasks = tasks;
    this.#onStart = onStart;
    this.#onJobError = onJobError;
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
    events.on('job:error', ({ job, error }) => {
      this.#onJobError({ kind: job.task_identifier, id: job.key, tries: job.attempts, error });
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
