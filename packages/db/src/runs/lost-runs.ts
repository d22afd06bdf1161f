/** @file What becomes of the runs of a lost trainer. */
import { memoryAdvice, startTrainingInput } from '@plumbline/contracts';
import type pg from 'pg';
import type { GiveBack } from '../jobs/job-rows.ts';
import { RUN_ATTEMPTS } from './run-retries.ts';

/** A run that was to be cancelled ends, and so does one whose attempts are used up; the others wait for another trainer. */
export const giveBackRuns: GiveBack = async (client, ids) => {
  const cancelled = await client.query<{ id: string }>(
    `UPDATE "TrainingRun" SET status = 'cancelled', "finishedAt" = now(), "etaSeconds" = NULL, message = 'Cancelled.'
     WHERE id = ANY($1) AND status = 'running' AND "cancelRequested" RETURNING id`,
    [ids],
  );
  const failed = await failThose(client, ids);
  const waiting = await client.query<{ id: string; message: string }>(
    `UPDATE "TrainingRun" SET status = 'queued', stage = 'queued', "trainerId" = NULL, "etaSeconds" = NULL,
       failures = failures + 1, message = 'Waiting for another trainer: the last one was lost (attempt ' || failures + 2 || $2 || ').'
     WHERE id = ANY($1) AND status = 'running' RETURNING id, message`,
    [ids, ` of ${RUN_ATTEMPTS}`],
  );
  for (const { id, message } of waiting.rows) await log(client, id, 'warning', message);
  return [...cancelled.rows.map(({ id }) => id), ...failed];
};

/** Those whose attempts are used up: whatever ends a trainer again and again is most often a lack of memory. */
async function failThose(client: pg.ClientBase, ids: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ id: string; input: unknown }>(
    `SELECT id, input FROM "TrainingRun"
     WHERE id = ANY($1) AND status = 'running' AND failures + 1 >= $2 FOR UPDATE`,
    [ids, RUN_ATTEMPTS],
  );
  for (const { id, input } of rows) {
    const asked = startTrainingInput.safeParse(input);
    const advice = asked.success ? `${memoryAdvice(asked.data.method)} ` : '';
    const error = {
      code: 'INTERNAL',
      message: `The trainer was lost in the last of ${RUN_ATTEMPTS} attempts: most likely the machine ran out of memory.`,
      fix: `${advice}The platform log says more.`,
      file: null,
      field: null,
    };
    await client.query(
      `UPDATE "TrainingRun" SET status = 'failed', "finishedAt" = now(), "etaSeconds" = NULL, message = $2, error = $3
       WHERE id = $1`,
      [id, error.message, JSON.stringify(error)],
    );
    await log(client, id, 'error', error.message);
  }
  return rows.map(({ id }) => id);
}

async function log(client: pg.ClientBase, id: string, severity: string, text: string) {
  await client.query('INSERT INTO "RunLog" ("runId", severity, text) VALUES ($1, $2, $3)', [
    ...[id, severity, text],
  ]);
}
