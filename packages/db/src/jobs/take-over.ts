/** @file Gives the jobs of trainers that are gone back to the queue. */
import { TRAINER_LOST_MS } from '@plumbline/contracts';
import type pg from 'pg';
import { withConnection } from '../connection.ts';
import { isGone, isSilent, type RegisteredTrainer } from '../lost-trainers.ts';
import { JOB_KINDS } from './job-kinds.ts';
import { makeDue, unlockJobs } from './queue-locks.ts';

export interface TakeOverOptions {
  /** How long a trainer must have been silent, by the database's clock; `TRAINER_LOST_MS` when absent. */
  readonly lostAfterMs?: number;
}

/**
 * Takes the jobs of trainers that have not been heard of for a minute, or whose process on this host is gone, from
 * them. Any number of processes may call it at a time: a trainer's jobs are given back once.
 * @returns Keys (run and import ids) of the jobs that any trainer may now take.
 */
export async function takeOverLostTrainers(
  database: string | { readonly url: string },
  { lostAfterMs = TRAINER_LOST_MS }: TakeOverOptions = {},
): Promise<string[]> {
  const url = typeof database === 'string' ? database : database.url;
  return withConnection(url, async (client) => {
    await client.query('BEGIN');
    const keys = await takeOver(client, lostAfterMs);
    await client.query('COMMIT');
    return keys;
  });
}

async function takeOver(client: pg.Client, lostAfterMs: number): Promise<string[]> {
  // One that is locked is being taken over, or has just been heard of.
  const trainers = await client.query<Row>(
    `SELECT id, host, pid, "workerIds", ${isSilent('$1')} AS "isSilent"
     FROM "Trainer" FOR UPDATE SKIP LOCKED`,
    [lostAfterMs],
  );
  const lost = trainers.rows.filter((trainer) => trainer.isSilent || isGone(trainer));
  // Locks are renewed every few seconds, so an old one of a worker that no trainer claims is nobody's.
  const orphans = await client.query<{ worker: string }>(
    `SELECT DISTINCT locked_by AS worker FROM graphile_worker.jobs
     WHERE clock_timestamp() - greatest(locked_at, pg_postmaster_start_time()) >= $1::float8 * interval '1 millisecond'
       AND NOT EXISTS (SELECT FROM "Trainer" WHERE locked_by = ANY("workerIds"))`,
    [lostAfterMs],
  );
  const workers = [
    ...lost.flatMap((trainer) => trainer.workerIds),
    ...orphans.rows.map((row) => row.worker),
  ];
  await client.query('DELETE FROM "Trainer" WHERE id = ANY($1)', [lost.map(({ id }) => id)]);
  if (workers.length === 0) return [];
  const keys = await unlockJobs(client, workers);
  const ended = await giveBackRows(client, keys);
  const waiting = keys.filter((key) => !ended.includes(key));
  await makeDue(client, waiting);
  return waiting;
}

interface Row extends RegisteredTrainer {
  readonly workerIds: string[];
  readonly isSilent: boolean;
}

/** @returns Ids of the rows that nobody is to take again. */
async function giveBackRows(client: pg.Client, ids: readonly string[]): Promise<string[]> {
  const ended: string[] = [];
  for (const { giveBack } of JOB_KINDS) ended.push(...(await giveBack(client, ids)));
  for (const id of ended) await client.query('SELECT graphile_worker.remove_job($1)', [id]);
  return ended;
}
