/** @file Imports of somebody else's results: what their rows hold. */
import {
  DomainError,
  type ImportResultsInput,
  importResultsInput,
  type ResultImport,
} from '@plumbline/contracts';
import { type Client, toJson } from '../client.ts';
import { findVersion, holdDataset } from '../find-dataset-version.ts';
import type { ResultImport as Row } from '../generated/prisma/client.ts';
import { jobPayload } from '../jobs/job-payload.ts';
import type { ImportKind } from './import-repository.ts';

export const resultsPayload = jobPayload('results', 'resultId');

export function resultImports(client: Client): ImportKind<Row, ImportResultsInput, ResultImport> {
  return {
    payload: resultsPayload,
    what: 'result import',
    restart: { checked: 0, total: null },
    table: client.resultImport,
    latest: (take, datasetName) =>
      client.resultImport.findMany({
        ...(datasetName === undefined ? {} : { where: { datasetName } }),
        orderBy: { createdAt: 'desc' },
        take,
      }),
    async insert(tx, id, input) {
      await holdDataset(tx, input.dataset);
      const { version } = await findVersion(tx, input.dataset, input.datasetVersion);
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
          input: toJson({ ...input, datasetVersion: version }),
        },
      });
    },
    toInput: ({ input }) => importResultsInput.parse(input),
    toStates: async (imports) =>
      imports.map(({ row, state }) => ({
        ...state,
        dataset: row.datasetName,
        model: row.modelName,
        modelVersion: row.modelVersion,
      })),
  };
}
