/**
 * @file What an attempt at a run writes: progress, losses, log and how it ends. Each write is refused once the run is no
 * longer the attempt's (`Attempt`).
 */
import {
  type ErrorBody,
  type LossPoint,
  type PartTiming,
  type RunLogLine,
  type RunStage,
  toErrorBody,
} from '@plumbline/contracts';
import { type Client, type Transaction, toJson } from '../client.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { type Attempt, assertHeld, heldBy, SupersededError } from '../jobs/attempt.ts';
import { addJob } from '../jobs/job-payload.ts';
import type { JobRows, Retry } from '../jobs/job-rows.ts';
import { addLosses } from './loss-curve.ts';
import { RETRY_DELAYS_MS, retrySentence, WAITING } from './run-retries.ts';
import { runNotFound } from './run-rules.ts';
import { trainPayload } from './train-payload.ts';

export interface RunUpdate {
  readonly stage?: RunStage;
  readonly progress?: number;
  readonly etaSeconds?: number | null;
  readonly message?: string;
}

export class RunAttemptRepository implements JobRows {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  async get(id: string): Promise<{ readonly status: string }> {
    const row = await this.#client.trainingRun.findUnique({ where: { id } });
    if (row === null) throw runNotFound(id);
    return row;
  }

  async take(id: string, trainerId: string): Promise<Attempt | null> {
    const [taken] = await this.#client.$queryRaw<{ attempts: number }[]>`
      UPDATE "TrainingRun" SET status = 'running', "trainerId" = ${trainerId}, attempts = attempts + 1,
        "startedAt" = coalesce("startedAt", now()), message = 'Starting.'
      WHERE id = ${id} AND status IN ('queued', 'running') RETURNING attempts`;
    return taken === undefined ? null : { id, number: taken.attempts };
  }

  async update(attempt: Attempt, data: RunUpdate): Promise<void> {
    assertHeld(
      attempt,
      await this.#client.trainingRun.updateMany({ where: heldBy(attempt), data }),
    );
  }

  /** Points that are told again replace themselves, as after a checkpoint. */
  async addLosses(attempt: Attempt, points: readonly LossPoint[]): Promise<void> {
    if (points.length === 0) return;
    const count = await addLosses(this.#client, attempt, points);
    assertHeld(attempt, { count });
  }

  /** Also of an attempt that has just published. */
  async log(attempt: Attempt, severity: RunLogLine['severity'], text: string): Promise<void> {
    const { id, number } = attempt;
    const count = await this.#client.$executeRaw`
      WITH held AS (
        SELECT id FROM "TrainingRun"
        WHERE id = ${id} AND attempts = ${number} AND status IN ('running', 'succeeded') FOR SHARE
      )
      INSERT INTO "RunLog" ("runId", severity, text) SELECT id, ${severity}, ${text} FROM held`;
    assertHeld(attempt, { count });
  }

  /** How long the parts took, of an attempt that has published. */
  async addTimings(
    { id, number }: Attempt,
    where: { readonly host: string; readonly provider: string },
    parts: readonly Omit<PartTiming, 'runId'>[],
  ): Promise<void> {
    const published = { id, attempts: number, status: 'succeeded' };
    if ((await this.#client.trainingRun.count({ where: published })) === 0) return;
    await this.#client.partTiming.createMany({
      data: parts.map(({ key, units, seconds, expectedSeconds }) => ({
        ...{ ...where, runId: id, key, units, seconds, expectedSeconds },
      })),
    });
  }

  async release(attempt: Attempt): Promise<void> {
    await this.#client.trainingRun.updateMany({
      where: heldBy(attempt),
      data: { ...WAITING, message: 'Waiting for a trainer to continue.' },
    });
  }

  /** Does nothing when the run is another's, or has ended. */
  async cancelled(attempt: Attempt): Promise<void> {
    await finish(this.#client, attempt, { status: 'cancelled', message: 'Cancelled.' });
  }

  async fail(attempt: Attempt, error: ErrorBody): Promise<void> {
    await this.#client.$transaction((tx) => fail(tx, attempt, error));
  }

  /**
   * An attempt failed for a reason that may pass: the next one waits, longer each time, and goes on from the checkpoint;
   * after the last the run has failed. Within the job that ends.
   */
  async retryLater(
    attempt: Attempt,
    thrown: unknown,
    retry: Pick<Retry, 'delaysMs'>,
  ): Promise<void> {
    const { delaysMs = RETRY_DELAYS_MS } = retry;
    const error = toErrorBody(thrown);
    await this.#client.$transaction(async (tx) => {
      const row = await lock(tx, attempt);
      if (row.cancelRequested) {
        return finish(tx, attempt, { status: 'cancelled', message: 'Cancelled.' });
      }
      const failures = row.failures + 1;
      const delayMs = delaysMs[failures - 1];
      if (delayMs === undefined) {
        const text = `Failed after ${failures} attempts.`;
        await tx.runLog.create({ data: { runId: attempt.id, severity: 'error', text } });
        return fail(tx, attempt, error);
      }
      const message = retrySentence(delayMs, failures + 1, delaysMs.length + 1, error.message);
      await tx.trainingRun.updateMany({
        where: heldBy(attempt),
        data: { ...WAITING, failures, message },
      });
      await tx.runLog.create({
        data: { runId: attempt.id, severity: 'warning', text: message },
      });
      return addJob(tx, trainPayload, attempt.id, delayMs);
    });
  }
}

/** Nobody takes the run until the transaction ends. @throws SupersededError */
async function lock(
  tx: Transaction,
  attempt: Attempt,
): Promise<{ readonly failures: number; readonly cancelRequested: boolean }> {
  const [row] = await tx.$queryRaw<{ failures: number; cancelRequested: boolean }[]>`
    SELECT failures, "cancelRequested" FROM "TrainingRun"
    WHERE id = ${attempt.id} AND attempts = ${attempt.number} AND status = 'running' FOR UPDATE`;
  if (row === undefined) throw new SupersededError(attempt);
  return row;
}

async function fail(tx: Transaction, attempt: Attempt, error: ErrorBody): Promise<void> {
  const { message } = error;
  await lock(tx, attempt);
  await finish(tx, attempt, { status: 'failed', error: toJson(error), message });
  await tx.runLog.create({ data: { runId: attempt.id, severity: 'error', text: message } });
}

async function finish(
  tx: Transaction,
  { id, number }: Attempt,
  end: { status: string; message: string; error?: Prisma.InputJsonObject },
): Promise<void> {
  const { status, message, error } = end;
  const body = error === undefined ? Prisma.sql`NULL` : Prisma.sql`${JSON.stringify(error)}::jsonb`;
  await tx.$executeRaw`
    UPDATE "TrainingRun" SET status = ${status}, message = ${message}, error = ${body},
      "finishedAt" = now(), "etaSeconds" = NULL
    WHERE id = ${id} AND attempts = ${number} AND status = 'running'`;
}
