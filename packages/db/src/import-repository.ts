/** @file Imports: from asking for one to the dataset it made or the error it ended with. */
import { randomUUID } from 'node:crypto';
import {
  type DatasetDetail,
  type DatasetImport,
  type ErrorBody,
  errorBodySchema,
  type ImportDatasetInput,
  importDatasetInput,
  importOptionsSchema,
  jobStatusSchema,
} from '@plumbline/contracts';
import { addJob, type Client, notFound, toJson } from './client.ts';
import { type DatasetRepository, nameTaken } from './dataset-repository.ts';
import type { DatasetImport as Row } from './generated/prisma/client.ts';

const LISTED = 50;
const ACTIVE = ['queued', 'running'];

export class ImportRepository {
  readonly #client: Client;
  readonly #datasets: DatasetRepository;

  constructor(client: Client, datasets: DatasetRepository) {
    this.#client = client;
    this.#datasets = datasets;
  }

  /** @throws DomainError CONFLICT when the name is taken or being imported. */
  async create(input: ImportDatasetInput): Promise<DatasetImport> {
    const id = randomUUID();
    await this.#client.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${`dataset/${input.name}`}))`;
      // In this order: an import that succeeds between the two has then left its dataset.
      const underway = await tx.datasetImport.count({
        where: { name: input.name, status: { in: ACTIVE } },
      });
      const existing = await tx.dataset.count({ where: { name: input.name } });
      if (existing + underway > 0) throw nameTaken(input.name);
      await tx.datasetImport.create({
        data: {
          id,
          name: input.name,
          source: toJson(input.source),
          options: toJson(importOptionsSchema.parse(input)),
        },
      });
      await addJob(tx, 'import', { importId: id }, id);
    });
    return this.get(id);
  }

  async get(id: string): Promise<DatasetImport> {
    return this.#toImport(await this.#find(id));
  }

  async list(): Promise<DatasetImport[]> {
    const rows = await this.#client.datasetImport.findMany({
      orderBy: { createdAt: 'desc' },
      take: LISTED,
    });
    return Promise.all(rows.map((row) => this.#toImport(row)));
  }

  async source(id: string): Promise<ImportDatasetInput> {
    const row = await this.#find(id);
    const options = importOptionsSchema.parse(row.options);
    return importDatasetInput.parse({ ...options, name: row.name, source: row.source });
  }

  async markRunning(id: string): Promise<void> {
    await this.#client.datasetImport.updateMany({
      where: { id, status: { in: ACTIVE } },
      data: { status: 'running' },
    });
  }

  /** Gives an import back to the queue's hands: it is waiting again. */
  async release(id: string): Promise<void> {
    await this.#client.datasetImport.updateMany({
      where: { id, status: 'running' },
      data: { status: 'queued' },
    });
  }

  async progress(id: string, checked: number, total: number): Promise<void> {
    await this.#client.datasetImport.updateMany({ where: { id }, data: { checked, total } });
  }

  async fail(id: string, error: ErrorBody): Promise<void> {
    await this.#client.datasetImport.updateMany({
      where: { id, status: { in: ACTIVE } },
      data: { status: 'failed', error: toJson(error), finishedAt: new Date() },
    });
  }

  async #find(id: string): Promise<Row> {
    const row = await this.#client.datasetImport.findUnique({ where: { id } });
    if (row === null) throw notFound('import', id, 'Start the import again.');
    return row;
  }

  async #toImport(row: Row): Promise<DatasetImport> {
    const succeeded = row.status === 'succeeded' && (await this.#datasets.exists(row.name));
    const dataset: DatasetDetail | null = succeeded ? await this.#datasets.get(row.name) : null;
    return {
      id: row.id,
      name: row.name,
      status: jobStatusSchema.parse(row.status),
      checked: row.checked,
      total: row.total,
      createdAt: row.createdAt.toISOString(),
      finishedAt: row.finishedAt?.toISOString() ?? null,
      error: row.error === null ? null : errorBodySchema.parse(row.error),
      dataset,
    };
  }
}
