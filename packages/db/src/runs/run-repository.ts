/** @file Training runs as people see and steer them: asked for, listed, cancelled, resumed; their losses and logs. */
import { randomUUID } from 'node:crypto';
import {
  DomainError,
  errorBodySchema,
  jobStatusSchema,
  type KnownLosses,
  type LossCurve,
  type Run,
  type RunLogLine,
  runStageSchema,
  type StartTrainingInput,
  startTrainingInput,
  versionLabel,
} from '@plumbline/contracts';
import { type Client, toJson } from '../client.ts';
import { findVersion, holdDataset, holdSource } from '../find-dataset-version.ts';
import { Prisma, type TrainingRun } from '../generated/prisma/client.ts';
import { type Claim, claimKey } from '../idempotency/idempotency-repository.ts';
import { addJob, removeJob } from '../jobs/job-payload.ts';
import { lossCurve } from './loss-curve.ts';
import { WAITING } from './run-retries.ts';
import { assertModelFree, lockModel, notResumable, runNotFound } from './run-rules.ts';
import { trainPayload } from './train-payload.ts';

const LISTED = 100;

export class RunRepository {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /**
   * @param claim that this is done once for; what was queued by it before is the answer
   * @throws DomainError NOT_FOUND without the dataset, CONFLICT when the model belongs to another one, or the claim.
   */
  async create(input: StartTrainingInput, claim: Claim | null = null): Promise<Run> {
    const id = randomUUID();
    const model = input.model ?? `${input.dataset}-${input.method}`;
    const made = await this.#client.$transaction(async (tx) => {
      const before = await claimKey(tx, claim, id);
      if (before !== null) return before;
      await holdDataset(tx, input.dataset);
      if (input.extends !== undefined) await holdSource(tx, input.extends.from);
      const dataset = await findVersion(tx, input.dataset, input.datasetVersion);
      await lockModel(tx, model);
      await assertModelFree(tx, model, input.dataset);
      const datasetVersion = versionLabel(dataset.version, dataset.hash);
      await tx.trainingRun.create({
        data: { id, datasetName: input.dataset, datasetVersion, model, input: toJson(input) },
      });
      await addJob(tx, trainPayload, id);
      return id;
    });
    return this.get(made);
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

  /**
   * Takes a run that failed or was cancelled up again: it goes on from its checkpoint, if it has one.
   * @throws DomainError CONFLICT for one that waits, runs or has succeeded.
   */
  async resume(id: string): Promise<Run> {
    await this.#client.$transaction(async (tx) => {
      const known = await tx.trainingRun.findUnique({ where: { id } });
      if (known === null) throw runNotFound(id);
      await holdDataset(tx, known.datasetName);
      await lockModel(tx, known.model);
      // It may have been deleted meanwhile, or resumed.
      await tx.$executeRaw`SELECT 1 FROM "TrainingRun" WHERE id = ${id} FOR UPDATE`;
      const row = await tx.trainingRun.findUnique({ where: { id } });
      if (row === null) throw runNotFound(id);
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

  /** Those of these runs that go on or may be resumed: not published, and not ended more than so many days ago. */
  async resumable(ids: readonly string[], days: number): Promise<string[]> {
    const rows = await this.#client.$queryRaw<{ id: string }[]>`
      SELECT id FROM "TrainingRun" WHERE id = ANY(${ids}) AND status <> 'succeeded'
        AND ("finishedAt" IS NULL OR "finishedAt" > now() - ${days}::float8 * interval '1 day')`;
    return rows.map(({ id }) => id);
  }

  async isCancelRequested(id: string): Promise<boolean> {
    return (await this.#find(id)).cancelRequested;
  }

  /** @throws DomainError NOT_FOUND */
  async losses(id: string, known?: KnownLosses): Promise<LossCurve> {
    await this.#find(id);
    return lossCurve(this.#client, id, known);
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
