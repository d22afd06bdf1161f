/** @file Training runs: state, losses, log. */
import { randomUUID } from 'node:crypto';
import {
  DomainError,
  type ErrorBody,
  errorBodySchema,
  jobStatusSchema,
  type KnownLosses,
  type LossCurve,
  type LossPoint,
  type Run,
  type RunLogLine,
  type RunStage,
  runStageSchema,
  type StartTrainingInput,
  startTrainingInput,
  toErrorBody,
  versionLabel,
} from '@plumbline/contracts';
import { type Client, notFound, toJson } from './client.ts';
import { Prisma, type TrainingRun } from './generated/prisma/client.ts';
import { addJob, jobPayload, removeJob } from './jobs/job-payload.ts';
import { ACTIVE, type JobRows, type Retry } from './jobs/job-rows.ts';
import { addLosses, lossCurve } from './loss-curve.ts';
import { RETRY_DELAYS_MS, retrySentence } from './run-retries.ts';
import { assertModelFree, lockModel, notResumable, runNotFound } from './run-rules.ts';

const LISTED = 100;
export const trainPayload = jobPayload('train', 'runId');
const WAITING = { status: 'queued', stage: 'queued', trainerId: null, etaSeconds: null };

export interface RunUpdate {
  readonly stage?: RunStage;
  readonly progress?: number;
  readonly etaSeconds?: number | null;
  readonly message?: string;
}

export class RunRepository implements JobRows {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** @throws DomainError NOT_FOUND without the dataset, CONFLICT when the model belongs to another one. */
  async create(input: StartTrainingInput): Promise<Run> {
    const id = randomUUID();
    const model = input.model ?? `${input.dataset}-${input.method}`;
    await this.#client.$transaction(async (tx) => {
      const dataset = await tx.dataset.findUnique({ where: { name: input.dataset } });
      if (dataset === null)
        throw notFound('dataset', input.dataset, 'Import it first, or see `plumb datasets list`.');
      await lockModel(tx, model);
      await assertModelFree(tx, model, input.dataset);
      const datasetVersion = versionLabel(dataset.version, dataset.hash);
      await tx.trainingRun.create({
        data: { id, datasetName: input.dataset, datasetVersion, model, input: toJson(input) },
      });
      await addJob(tx, trainPayload, id);
    });
    return this.get(id);
  }

  async list(
    filter: { limit?: number | undefined; dataset?: string | undefined } = {},
  ): Promise<Run[]> {
    const rows = await this.#client.trainingRun.findMany({
      ...(filter.dataset === undefined ? {} : { where: { datasetName: filter.dataset } }),
      orderBy: { createdAt: 'desc' },
      take: filter.limit ?? LISTED,
    });
    return rows.map(toRun);
  }

  async get(id: string): Promise<Run> {
    return toRun(await this.#find(id));
  }

  async input(id: string): Promise<StartTrainingInput> {
    return startTrainingInput.parse((await this.#find(id)).input);
  }

  /** A trainer begins or resumes the run. @throws DomainError CONFLICT when it has ended, as by a cancellation. */
  async take(id: string, trainerId: string): Promise<Run> {
    const row = await this.#find(id);
    const taken = await this.#client.trainingRun.updateMany({
      where: { id, status: { in: ACTIVE } },
      data: {
        status: 'running',
        trainerId,
        attempts: { increment: 1 },
        startedAt: row.startedAt ?? new Date(),
        message: 'Starting.',
      },
    });
    if (taken.count === 0) {
      const { status } = await this.#find(id);
      throw new DomainError('CONFLICT', `The run has ended already: its status is ${status}.`, {
        fix: 'Start another run.',
      });
    }
    return this.get(id);
  }

  async update(id: string, update: RunUpdate): Promise<void> {
    await this.#client.trainingRun.updateMany({ where: { id, status: 'running' }, data: update });
  }

  async fail(id: string, error: ErrorBody): Promise<void> {
    await this.log(id, 'error', error.message);
    await this.#finish(id, { status: 'failed', error: toJson(error), message: error.message });
  }

  async cancelled(id: string): Promise<void> {
    await this.#finish(id, { status: 'cancelled', message: 'Cancelled.' });
  }

  /** Gives a run back to the queue's hands: it is waiting again. With `trainerId`, only when that trainer has it. */
  async release(id: string, trainerId?: string): Promise<void> {
    await this.#client.trainingRun.updateMany({
      where: { id, status: 'running', ...(trainerId === undefined ? {} : { trainerId }) },
      data: { ...WAITING, message: 'Waiting for a trainer to continue.' },
    });
  }

  /**
   * An attempt failed for a reason that may pass: the next one waits, longer each time, and goes on from the checkpoint;
   * after the last the run has failed. Within the job that ends.
   */
  async retryLater(id: string, thrown: unknown, retry: Pick<Retry, 'delaysMs'>): Promise<void> {
    const { delaysMs = RETRY_DELAYS_MS } = retry;
    const error = toErrorBody(thrown);
    const row = await this.#find(id);
    if (row.cancelRequested) return this.cancelled(id);
    const failures = row.failures + 1;
    const delayMs = delaysMs[failures - 1];
    if (delayMs === undefined) {
      await this.log(id, 'error', `Failed after ${failures} attempts.`);
      return this.fail(id, error);
    }
    const message = retrySentence(delayMs, failures + 1, delaysMs.length + 1, error.message);
    await this.#client.$transaction(async (tx) => {
      const waiting = await tx.trainingRun.updateMany({
        where: { id, status: 'running', cancelRequested: false, failures: row.failures },
        data: { ...WAITING, failures, message },
      });
      if (waiting.count === 0) return;
      await tx.runLog.create({ data: { runId: id, severity: 'warning', text: message } });
      await addJob(tx, trainPayload, id, delayMs);
    });
  }

  /**
   * Takes a run that failed or was cancelled up again: it goes on from its checkpoint, if it has one.
   * @throws DomainError CONFLICT for one that waits, runs or has succeeded.
   */
  async resume(id: string): Promise<Run> {
    await this.#client.$transaction(async (tx) => {
      const row = await tx.trainingRun.findUnique({ where: { id } });
      if (row === null) throw runNotFound(id);
      await lockModel(tx, row.model);
      await assertModelFree(tx, row.model, row.datasetName);
      const resumed = await tx.trainingRun.updateMany({
        where: { id, status: { in: ['failed', 'cancelled'] } },
        data: {
          ...WAITING,
          message: 'Waiting for a trainer to resume it.',
          error: Prisma.DbNull,
          cancelRequested: false,
          failures: 0,
          finishedAt: null,
        },
      });
      if (resumed.count === 0) throw notResumable(row.status);
      await tx.runLog.create({ data: { runId: id, severity: 'info', text: 'Resumed.' } });
      await addJob(tx, trainPayload, id);
    });
    return this.get(id);
  }

  /** A waiting run is cancelled at once, a running one by its trainer. @throws DomainError CONFLICT when it has ended. */
  async requestCancel(id: string): Promise<Run> {
    await this.#client.$transaction(async (tx) => {
      const waiting = await tx.trainingRun.updateMany({
        where: { id, status: 'queued' },
        data: {
          status: 'cancelled',
          cancelRequested: true,
          finishedAt: new Date(),
          message: 'Cancelled while it waited.',
        },
      });
      if (waiting.count > 0) return removeJob(tx, id);
      const running = await tx.trainingRun.updateMany({
        where: { id, status: 'running' },
        data: { cancelRequested: true, message: 'Cancelling.' },
      });
      if (running.count > 0) return;
      const row = await tx.trainingRun.findUnique({ where: { id } });
      if (row === null) throw runNotFound(id);
      throw new DomainError('CONFLICT', `The run has ended already: its status is ${row.status}.`, {
        fix: 'There is nothing to cancel.',
      });
    });
    return this.get(id);
  }

  async isCancelRequested(id: string): Promise<boolean> {
    return (await this.#find(id)).cancelRequested;
  }

  addLosses(id: string, points: readonly LossPoint[]): Promise<void> {
    return addLosses(this.#client, id, points);
  }

  /** @throws DomainError NOT_FOUND */
  async losses(id: string, known?: KnownLosses): Promise<LossCurve> {
    await this.#find(id);
    return lossCurve(this.#client, id, known);
  }

  async log(id: string, severity: RunLogLine['severity'], text: string): Promise<void> {
    await this.#client.runLog.create({ data: { runId: id, severity, text } });
  }

  async logs(id: string, afterId = 0): Promise<RunLogLine[]> {
    await this.#find(id);
    const rows = await this.#client.runLog.findMany({
      where: { runId: id, id: { gt: afterId } },
      orderBy: { id: 'asc' },
    });
    return rows.map((row) => ({
      id: row.id,
      at: row.at.toISOString(),
      severity: row.severity as RunLogLine['severity'],
      text: row.text,
    }));
  }

  async #finish(
    id: string,
    data: { status: string; message: string; error?: ReturnType<typeof toJson> },
  ): Promise<void> {
    await this.#client.trainingRun.updateMany({
      where: { id, status: { in: ACTIVE } },
      data: { ...data, finishedAt: new Date(), etaSeconds: null },
    });
  }

  async #find(id: string): Promise<TrainingRun> {
    const row = await this.#client.trainingRun.findUnique({ where: { id } });
    if (row === null) throw runNotFound(id);
    return row;
  }
}

function toRun(row: TrainingRun): Run {
  const input = startTrainingInput.parse(row.input);
  return {
    id: row.id,
    dataset: row.datasetName,
    datasetVersion: row.datasetVersion,
    method: input.method,
    preset: input.preset,
    backbone: input.backbone,
    seed: input.seed,
    model: row.model,
    modelVersion: row.modelVersion,
    status: jobStatusSchema.parse(row.status),
    stage: runStageSchema.parse(row.stage),
    progress: row.progress,
    etaSeconds: row.etaSeconds,
    message: row.message,
    error: row.error === null ? null : errorBodySchema.parse(row.error),
    cancelRequested: row.cancelRequested,
    reproduces: input.reproduces ?? null,
    attempts: row.attempts,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}
