/** @file The queue's worker: graphile-worker takes a trainer's jobs for it (docs/adr/0004). */
import { TRAINER_HEARTBEAT_MS } from '@plumbline/contracts';
import type { TaskList } from 'graphile-worker';
import { openClient } from '../client.ts';
import { openPool } from '../connection.ts';
import { DatasetRepository } from '../dataset-repository.ts';
import {
  JOB_KINDS,
  type JobHandlers,
  type JobRepositories,
  openJobRepositories,
} from './job-kinds.ts';
import { JobPerformer } from './job-performer.ts';
import { type JobProblem, Lane } from './lane.ts';
import { makeDue, renewLocks } from './queue-locks.ts';

export interface QueueWorkerOptions {
  readonly url: string;
  /** A registered trainer: when it is lost, its jobs are given back. */
  readonly trainerId: string;
  /** Jobs of other kinds are left to others. */
  readonly handlers: Partial<JobHandlers>;
  /** Of jobs that take moments: one at a time beside the others, so that none waits for hours of training. */
  readonly shortHandlers?: Partial<JobHandlers>;
  /** Jobs at a time; 1 when absent. */
  readonly concurrency?: number;
  /** Before the second, third, … attempt of a run; `RETRY_DELAYS_MS` when absent. */
  readonly retryDelaysMs?: readonly number[];
  /** Told of each job that the queue has to take again because not even its row could say what happened. */
  readonly onJobError?: (problem: JobProblem) => void;
}

export interface QueueWorker {
  /** Aborts what runs, waits for it, and gives the jobs back. */
  stop(): Promise<void>;
}

/** Takes jobs until stopped. */
export async function startQueueWorker(options: QueueWorkerOptions): Promise<QueueWorker> {
  const { trainerId, url, concurrency = 1, handlers, shortHandlers } = options;
  const pool = openPool(url, 3 * (concurrency + 1) + 2);
  const client = openClient(url);
  const jobs = new JobPerformer();
  const repositories = openJobRepositories(client, new DatasetRepository(client));
  const taskLists = Array.from({ length: concurrency }, () =>
    taskList(options, handlers, jobs, repositories),
  );
  if (shortHandlers !== undefined)
    taskLists.push(taskList(options, shortHandlers, jobs, repositories));
  const lanes: Lane[] = [];
  const remember = () =>
    pool.query(
      'UPDATE "Trainer" SET "workerIds" = $2 WHERE id = $1 AND "workerIds" <> $2::text[]',
      [trainerId, lanes.map((lane) => lane.workerId)],
    );
  for (const tasks of taskLists) {
    const lane = new Lane(pool, tasks, {
      onStart: async () => void (await remember()),
      onJobError: options.onJobError ?? (() => {}),
    });
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

function taskList(
  { retryDelaysMs, trainerId }: QueueWorkerOptions,
  handlers: Partial<JobHandlers>,
  jobs: JobPerformer,
  repositories: JobRepositories,
): TaskList {
  const tasks: TaskList = {};
  for (const { payload, repository } of JOB_KINDS) {
    const handle = handlers[payload.kind];
    if (handle === undefined) continue;
    const rows = repositories[repository];
    tasks[payload.kind] = (stored, { job }) => {
      const id = payload.schema.parse(stored);
      const retry = { tries: job.attempts, delaysMs: retryDelaysMs };
      return jobs.perform({ ...retry, id, rows, trainerId, work: handle });
    };
  }
  return tasks;
}
