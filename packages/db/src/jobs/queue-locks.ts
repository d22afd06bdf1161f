/** @file Locks and due times of queued jobs: what graphile-worker leaves to whoever knows which workers live. */
import type pg from 'pg';

type Queryable = Pick<pg.ClientBase, 'query'>;

/** Makes given-back jobs due at once, and forgets their attempts: an interruption is nobody's failure. */
export async function makeDue(queryable: Queryable, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await queryable.query(
    `SELECT graphile_worker.reschedule_jobs(
       ARRAY(SELECT id FROM graphile_worker.jobs WHERE key = ANY($1)), run_at := now(), attempts := 0)`,
    [keys],
  );
  // Rescheduling tells nobody; this is what adding a job sends, and it saves the wait for the next poll.
  await queryable.query('SELECT pg_notify($1, $2)', [
    'jobs:insert',
    JSON.stringify({ count: keys.length }),
  ]);
}

/** Unlocks the jobs of workers that are gone; within a transaction, each job for one caller alone. @returns Their keys. */
export async function unlockJobs(
  queryable: Queryable,
  workerIds: readonly string[],
): Promise<string[]> {
  // Whoever asks second waits here, and then finds the job unlocked, perhaps taken by a living worker.
  const locked = await queryable.query<{ key: string }>(
    `SELECT key FROM graphile_worker._private_jobs WHERE locked_by = ANY($1) AND key IS NOT NULL
     ORDER BY id FOR UPDATE`,
    [workerIds],
  );
  await queryable.query('SELECT graphile_worker.force_unlock_workers($1)', [workerIds]);
  return locked.rows.map((row) => row.key);
}

/**
 * Renews the locks of jobs that run: graphile gives a job that has been locked for four hours to the next worker,
 * however alive its own is.
 * @returns Keys of the jobs that these workers do not hold any more.
 */
export async function renewLocks(
  queryable: Queryable,
  workerIds: readonly string[],
  keys: readonly string[],
): Promise<string[]> {
  if (keys.length === 0) return [];
  const kept = await queryable.query<{ key: string }>(
    `UPDATE graphile_worker._private_jobs SET locked_at = now()
     WHERE key = ANY($1) AND locked_by = ANY($2) RETURNING key`,
    [keys, workerIds],
  );
  const held = new Set(kept.rows.map((row) => row.key));
  return keys.filter((key) => !held.has(key));
}
