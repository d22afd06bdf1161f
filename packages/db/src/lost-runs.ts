/** @file What becomes of the runs of a lost trainer. */
import type { GiveBack } from './jobs/job-rows.ts';
import { RUN_ATTEMPTS } from './run-retries.ts';

/** A run that was to be cancelled ends, and so does one whose attempts are used up; the others wait for another trainer. */
export const giveBackRuns: GiveBack = async (client, ids) => {
  const cancelled = await client.query<{ id: string }>(
    `UPDATE "TrainingRun" SET status = 'cancelled', "finishedAt" = now(), "etaSeconds" = NULL, message = 'Cancelled.'
     WHERE id = ANY($1) AND status = 'running' AND "cancelRequested" RETURNING id`,
    [ids],
  );
  const error = {
    code: 'INTERNAL',
    message: `The trainer was lost in the last of ${RUN_ATTEMPTS} attempts.`,
    fix: 'See the platform log; often the machine has too little memory. Resume the run after that.',
    file: null,
    field: null,
  };
  const failed = await client.query<{ id: string }>(
    `UPDATE "TrainingRun" SET status = 'failed', "finishedAt" = now(), "etaSeconds" = NULL, message = $3, error = $4
     WHERE id = ANY($1) AND status = 'running' AND failures + 1 >= $2 RETURNING id`,
    [ids, RUN_ATTEMPTS, error.message, JSON.stringify(error)],
  );
  await client.query(
    `UPDATE "TrainingRun" SET status = 'queued', stage = 'queued', "trainerId" = NULL, "etaSeconds" = NULL,
       failures = failures + 1, message = 'Waiting for another trainer: the last one was lost (attempt ' || failures + 2 || $2 || ').'
     WHERE id = ANY($1) AND status = 'running'`,
    [ids, ` of ${RUN_ATTEMPTS}`],
  );
  return [...cancelled.rows, ...failed.rows].map((row) => row.id);
};
