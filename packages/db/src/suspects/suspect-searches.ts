/** @file Searches for training images that may not belong: what their rows hold. */
import {
  DomainError,
  foundSuspectsSchema,
  type StartSuspectSearch,
  type SuspectSearch,
} from '@plumbline/contracts';
import type { Client } from '../client.ts';
import { findVersion, holdDataset } from '../find-dataset-version.ts';
import type { SuspectSearch as Row } from '../generated/prisma/client.ts';
import type { ImportKind } from '../imports/import-repository.ts';
import { jobPayload } from '../jobs/job-payload.ts';
import { ACTIVE } from '../jobs/job-rows.ts';

export const suspectsPayload = jobPayload('suspects', 'searchId');

export type SuspectSearchRow = Row;

export function suspectSearches(
  client: Client,
): ImportKind<Row, StartSuspectSearch, SuspectSearch> {
  return {
    payload: suspectsPayload,
    what: 'search for suspects',
    restart: { checked: 0, total: null },
    table: client.suspectSearch,
    latest: (take, datasetName) =>
      client.suspectSearch.findMany({
        ...(datasetName === undefined ? {} : { where: { datasetName } }),
        orderBy: { createdAt: 'desc' },
        take,
      }),
    async insert(tx, id, { name, version: asked }) {
      await holdDataset(tx, name);
      // One at a time of each dataset: whoever asks next waits for this transaction.
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${`suspects/${name}`}))`;
      const { version } = await findVersion(tx, name, asked);
      const underway = { datasetName: name, version, status: { in: ACTIVE } };
      if ((await tx.suspectSearch.count({ where: underway })) > 0) throw underWay(name, version);
      await tx.suspectSearch.create({ data: { id, datasetName: name, version } });
    },
    toInput: ({ datasetName, version }) => ({ name: datasetName, version }),
    toStates: async (searches) =>
      searches.map(({ row, state }) => ({
        ...state,
        dataset: row.datasetName,
        version: row.version,
        cancelRequested: row.cancelRequested,
        found: row.found === null ? null : foundSuspectsSchema.parse(row.found),
      })),
  };
}

function underWay(name: string, version: number): DomainError {
  return new DomainError(
    'CONFLICT',
    `The training images of ${name} v${version} are being looked through already.`,
    { field: 'name', fix: 'Wait for the end of that, or cancel it.' },
  );
}
