/** @file Imports of datasets: what their rows hold. */
import {
  type DatasetImport,
  DomainError,
  type ImportDatasetInput,
  importDatasetInput,
  importRequestSchema,
} from '@plumbline/contracts';
import { type Client, notFound, toJson } from '../client.ts';
import { type DatasetRepository, nameTaken } from '../dataset-repository.ts';
import { holdSource } from '../find-dataset-version.ts';
import type { DatasetImport as Row } from '../generated/prisma/client.ts';
import { jobPayload } from '../jobs/job-payload.ts';
import { ACTIVE } from '../jobs/job-rows.ts';
import type { ImportKind } from './import-repository.ts';

export const importPayload = jobPayload('import', 'importId');

export function datasetImports(
  client: Client,
  datasets: DatasetRepository,
): ImportKind<Row, ImportDatasetInput, DatasetImport> {
  return {
    payload: importPayload,
    what: 'import',
    restart: { checked: 0, total: null },
    table: client.datasetImport,
    latest: (take, name) =>
      client.datasetImport.findMany({
        ...(name === undefined ? {} : { where: { name } }),
        orderBy: { createdAt: 'desc' },
        take,
      }),
    async insert(tx, id, input) {
      const { name } = input;
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${`dataset/${name}`}))`;
      // In this order: an import that succeeds between the two has then left its dataset.
      const underway = await tx.datasetImport.count({ where: { name, status: { in: ACTIVE } } });
      const existing = await tx.dataset.count({ where: { name } });
      const isEdit = input.source.kind === 'edit';
      if (isEdit && existing === 0)
        throw notFound('dataset', name, 'Import it first, or see `plumb datasets list`.');
      if (isEdit && underway > 0) throw beingChanged(name);
      if (!isEdit && existing + underway > 0) throw nameTaken(name);
      if (input.source.kind === 'edit')
        for (const change of input.source.changes)
          if (change.kind === 'add') await holdSource(tx, change.from);
      const source = toJson(input.source);
      const options = toJson(importRequestSchema.parse(input));
      await tx.datasetImport.create({ data: { id, name, source, options } });
    },
    toInput({ name, source, options }) {
      return importDatasetInput.parse({ ...importRequestSchema.parse(options), name, source });
    },
    async toStates(imports) {
      const succeeded = imports.filter(({ state }) => state.status === 'succeeded');
      const made = await datasets.details(succeeded.map(({ row }) => row.name));
      const byName = new Map(made.map((dataset) => [dataset.name, dataset]));
      return imports.map(({ row: { name }, state }) => ({
        ...state,
        name,
        dataset: state.status === 'succeeded' ? (byName.get(name) ?? null) : null,
      }));
    },
  };
}

function beingChanged(name: string): DomainError {
  return new DomainError('CONFLICT', `Another version of the dataset "${name}" is being made.`, {
    field: 'name',
    fix: 'Wait for it to end, then look at it and make the changes again.',
  });
}
