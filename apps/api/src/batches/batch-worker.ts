/**
 * @file Takes batches from the queue, one at a time, as a trainer takes its jobs: this process is registered and heard of, so
 * that what it was at goes on elsewhere, or here once it is back.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { TRAINER_HEARTBEAT_MS } from '@plumbline/contracts';
import { SupersededError, startQueueWorker, takeOverLostTrainers } from '@plumbline/db';
import type { Services } from '../context.ts';
import { runBatch } from './run-batch.ts';

export interface BatchWorker {
  /** What is done is kept; the batch under way goes back to the queue. */
  stop(): Promise<void>;
}

export async function startBatchWorker(services: Services): Promise<BatchWorker> {
  const { database } = services;
  const trainerId = randomUUID();
  // Those of a process that ran here before.
  await takeOverLostTrainers(database);
  await database.trainers.register({
    ...{ id: trainerId, kind: 'api', host: hostname(), pid: process.pid },
  });
  const worker = await startQueueWorker({
    ...{ url: database.url, trainerId },
    handlers: { batch: (attempt, signal) => runBatch(services, attempt, signal) },
    onJobError({ id, tries, error }) {
      if (error instanceof SupersededError) return;
      console.error(`The queue takes batch ${id} again after try ${tries} failed:`, error);
    },
  });
  // While the database is away nobody is heard of, and nobody is given up for that.
  const heartbeat = setInterval(() => {
    database.trainers.heartbeat(trainerId).catch(() => {});
  }, TRAINER_HEARTBEAT_MS).unref();
  let stopped: Promise<void> | null = null;
  const stop = async () => {
    clearInterval(heartbeat);
    await worker.stop();
    await database.trainers.remove(trainerId);
  };
  return {
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}
