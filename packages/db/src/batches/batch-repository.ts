/**
 * @file Batches: asked for, listed, cancelled, and written to by the attempt that holds them. What is done is written with its
 * count in one transaction, so a further attempt finds out what is left, and no image has two results.
 */
import {
  type Batch,
  type BatchOrder,
  type BatchResult,
  batchOrderSchema,
  batchResultSchema,
  DomainError,
} from '@plumbline/contracts';
import { type Client, notFound, type Transaction, toJson } from '../client.ts';
import { findVersion, holdDataset } from '../find-dataset-version.ts';
import type { InspectionBatch as Row } from '../generated/prisma/client.ts';
import { type ImportKind, ImportRepository } from '../imports/import-repository.ts';
import { type Attempt, assertHeld, heldBy } from '../jobs/attempt.ts';
import { jobPayload, removeJob } from '../jobs/job-payload.ts';
import { ACTIVE } from '../jobs/job-rows.ts';
import { lockModel } from '../runs/run-rules.ts';

export const batchPayload = jobPayload('batch', 'batchId');

export interface NewBatch {
  readonly order: BatchOrder;
  /** Whoever starts it: as a principal's id, and their name. */
  readonly owner: string;
  readonly startedBy: string;
}

/** How long results are kept is not the database's to know. */
export type StoredBatch = Omit<Batch, 'keptUntil'>;

/** With its place in the source, from 0. */
export interface PlacedResult {
  readonly position: number;
  readonly result: BatchResult;
}

function batches(client: Client): ImportKind<Row, NewBatch, StoredBatch> {
  return {
    payload: batchPayload,
    what: 'batch',
    restart: {},
    table: client.inspectionBatch,
    latest: (take, owner) =>
      client.inspectionBatch.findMany({
        ...(owner === undefined ? {} : { where: { owner } }),
        orderBy: { createdAt: 'desc' },
        take,
      }),
    insert,
    toInput: ({ input, owner, startedBy }) => ({
      order: batchOrderSchema.parse(input),
      owner,
      startedBy,
    }),
    toStates: async (known) =>
      known.map(({ row, state }) => ({
        ...batchOrderSchema.parse(row.input),
        ...state,
        startedBy: row.startedBy,
        anomalous: row.anomalous,
        uncertain: row.uncertain,
        failed: row.failed,
        etaSeconds: state.status === 'running' ? row.etaSeconds : null,
      })),
  };
}

async function insert(
  tx: Transaction,
  id: string,
  { order, owner, startedBy }: NewBatch,
): Promise<void> {
  const { source, model, version } = order;
  if (source.kind === 'dataset') {
    await holdDataset(tx, source.name);
    await findVersion(tx, source.name, source.version);
  }
  await lockModel(tx, model);
  await tx.inspectionBatch.create({
    data: { id, modelName: model, modelVersion: version, input: toJson(order), owner, startedBy },
  });
}

export class BatchRepository extends ImportRepository<Row, NewBatch, StoredBatch> {
  readonly #client: Client;

  constructor(client: Client) {
    super(client, batches(client));
    this.#client = client;
  }

  /** An attempt has found how many images there are. @throws SupersededError */
  async begin(attempt: Attempt, total: number): Promise<void> {
    await this.#change(attempt, { total });
  }

  /** Places that have a result. */
  async done(id: string): Promise<ReadonlySet<number>> {
    const rows = await this.#client.batchResult.findMany({
      where: { batchId: id },
      select: { position: true },
    });
    return new Set(rows.map(({ position }) => position));
  }

  /**
   * All of them, or none; none at all says that the attempt goes on. What has a result keeps it, so that it may be told again.
   * @throws SupersededError
   */
  async write(
    attempt: Attempt,
    results: readonly PlacedResult[],
    etaSeconds: number | null,
  ): Promise<void> {
    const { id } = attempt;
    await this.#client.$transaction(async (tx) => {
      const where = heldBy(attempt);
      assertHeld(attempt, await tx.inspectionBatch.updateMany({ where, data: { etaSeconds } }));
      if (results.length === 0) return;
      const written = await tx.batchResult.createManyAndReturn({
        data: results.map(({ position, result }) => ({
          ...{ batchId: id, position, data: toJson(result) },
        })),
        skipDuplicates: true,
        select: { position: true },
      });
      const places = new Set(written.map(({ position }) => position));
      const added = results.filter(({ position }) => places.has(position));
      await tx.inspectionBatch.updateMany({ where, data: { losses: 0, ...countsOf(added) } });
    });
  }

  /** @throws SupersededError */
  async succeed(attempt: Attempt): Promise<void> {
    const end = { status: 'succeeded', finishedAt: new Date(), etaSeconds: null };
    await this.#change(attempt, end);
  }

  /** What is done stays; an attempt that is under way writes nothing more. @throws DomainError CONFLICT when it has ended */
  async cancel(id: string): Promise<StoredBatch> {
    await this.#client.$transaction(async (tx) => {
      const data = { status: 'cancelled', finishedAt: new Date(), etaSeconds: null };
      const waiting = await tx.inspectionBatch.updateMany({
        where: { id, status: 'queued' },
        data,
      });
      if (waiting.count > 0) return removeJob(tx, id);
      const where = { id, status: 'running' };
      if ((await tx.inspectionBatch.updateMany({ where, data })).count > 0) return;
      const { status } = await this.get(id);
      throw new DomainError('CONFLICT', `The batch has ended already: its status is ${status}.`, {
        fix: 'There is nothing to cancel.',
      });
    });
    return this.get(id);
  }

  /** From a place on, in the order of the source. */
  async results(id: string, from: number, limit: number): Promise<PlacedResult[]> {
    const rows = await this.#client.batchResult.findMany({
      where: { batchId: id, position: { gte: from } },
      orderBy: { position: 'asc' },
      take: limit,
    });
    return rows.map(({ position, data }) => ({ position, result: batchResultSchema.parse(data) }));
  }

  /** @throws DomainError NOT_FOUND */
  async result(id: string, position: number): Promise<BatchResult> {
    const where = { batchId_position: { batchId: id, position } };
    const row = await this.#client.batchResult.findUnique({ where });
    if (row !== null) return batchResultSchema.parse(row.data);
    throw notFound('result', `${id}/${position}`, 'See which images are done: the results.');
  }

  /** Removes those that ended earlier, with their results. */
  async removeBefore(oldest: Date): Promise<void> {
    await this.#client.inspectionBatch.deleteMany({
      where: { finishedAt: { lt: oldest }, status: { notIn: ACTIVE } },
    });
  }

  async #change(
    attempt: Attempt,
    data: { total: number } | { status: string; finishedAt: Date; etaSeconds: null },
  ): Promise<void> {
    const where = heldBy(attempt);
    assertHeld(attempt, await this.#client.inspectionBatch.updateMany({ where, data }));
  }
}

function countsOf(added: readonly PlacedResult[]) {
  const count = (is: (result: BatchResult) => boolean) => ({
    increment: added.filter(({ result }) => is(result)).length,
  });
  return {
    checked: { increment: added.length },
    anomalous: count((one) => one.error === null && one.predictedLabel === 'anomalous'),
    uncertain: count((one) => one.error === null && one.uncertain),
    failed: count(({ error }) => error !== null),
  };
}
