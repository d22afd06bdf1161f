/** @file Imports of somebody else's results: from asking for one to the version it made or the error it ended with. */
import { randomUUID } from 'node:crypto';
import {
  DomainError,
  type ErrorBody,
  errorBodySchema,
  type ImportResultsInput,
  importResultsInput,
  jobStatusSchema,
  type ResultImport,
} from '@plumbline/contracts';
import { addJob, type Client, notFound, toJson } from './client.ts';
import type { ResultImport as Row } from './generated/prisma/client.ts';

const LISTED = 50;
const ACTIVE = ['queued', 'running'];

export class ResultImportRepository {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** @throws DomainError NOT_FOUND without the dataset, CONFLICT when the model belongs to another one. */
  async create(input: ImportResultsInput): Promise<ResultImport> {
    const id = randomUUID();
    await this.#client.$transaction(async (tx) => {
      const dataset = await tx.dataset.findUnique({ where: { name: input.dataset } });
      if (dataset === null)
        throw notFound('dataset', input.dataset, 'Import it first, or see `plumb datasets list`.');
      const owner = await tx.model.findUnique({ where: { name: input.model } });
      if (owner !== null && owner.datasetName !== input.dataset) {
        throw new DomainError(
          'CONFLICT',
          `The model "${input.model}" belongs to the dataset "${owner.datasetName}".`,
          { field: 'model', fix: 'Choose another name.' },
        );
      }
      await tx.resultImport.create({
        data: {
          id,
          datasetName: input.dataset,
          modelName: input.model,
          input: toJson(input),
        },
      });
      await addJob(tx, 'results', { resultId: id }, id);
    });
    return this.get(id);
  }

  async get(id: string): Promise<ResultImport> {
    return toResultImport(await this.#find(id));
  }

  /** Newest first. */
  async list(dataset?: string): Promise<ResultImport[]> {
    const rows = await this.#client.resultImport.findMany({
      ...(dataset === undefined ? {} : { where: { datasetName: dataset } }),
      orderBy: { createdAt: 'desc' },
      take: LISTED,
    });
    return rows.map(toResultImport);
  }

  async input(id: string): Promise<ImportResultsInput> {
    return importResultsInput.parse((await this.#find(id)).input);
  }

  async markRunning(id: string): Promise<void> {
    await this.#client.resultImport.updateMany({
      where: { id, status: { in: ACTIVE } },
      data: { status: 'running', checked: 0, total: null },
    });
  }

  /** Gives an import back to the queue's hands: it is waiting again. */
  async release(id: string): Promise<void> {
    await this.#client.resultImport.updateMany({
      where: { id, status: 'running' },
      data: { status: 'queued' },
    });
  }

  /** Never goes back, so that updates may overtake one another. */
  async progress(id: string, checked: number, total: number): Promise<void> {
    await this.#client.resultImport.updateMany({
      where: { id, checked: { lt: checked } },
      data: { checked, total },
    });
  }

  async fail(id: string, error: ErrorBody): Promise<void> {
    await this.#client.resultImport.updateMany({
      where: { id, status: { in: ACTIVE } },
      data: { status: 'failed', error: toJson(error), finishedAt: new Date() },
    });
  }

  async #find(id: string): Promise<Row> {
    const row = await this.#client.resultImport.findUnique({ where: { id } });
    if (row === null) throw notFound('result import', id, 'Start the import again.');
    return row;
  }
}

function toResultImport(row: Row): ResultImport {
  return {
    id: row.id,
    dataset: row.datasetName,
    model: row.modelName,
    status: jobStatusSchema.parse(row.status),
    checked: row.checked,
    total: row.total,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
    error: row.error === null ? null : errorBodySchema.parse(row.error),
    modelVersion: row.modelVersion,
  };
}
