/** @file Follows an import, or the making of another version, to its end. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type DatasetDetail, type DatasetImport, DomainError } from '@plumbline/contracts';
import type { Connection } from './api-client.ts';
import type { Output } from './output.ts';

const POLL_MS = 300;

/** @throws DomainError with what was wrong. */
export async function waitForImport(
  connection: Connection,
  output: Output,
  started: DatasetImport,
  what: string,
): Promise<DatasetDetail> {
  let state = started;
  while (state.status === 'queued' || state.status === 'running') {
    await sleep(POLL_MS);
    state = await connection.api.datasets.importStatus.query({ id: state.id });
    output.progress(
      state.total === null
        ? 'Reading the dataset …'
        : `${what} ${state.checked} of ${state.total} files.`,
    );
  }
  if (state.error !== null) throw DomainError.fromBody(state.error);
  if (state.dataset === null)
    throw new DomainError('CANCELLED', 'The import was cancelled.', {
      fix: 'Give the same command again: nothing of it is left.',
    });
  return state.dataset;
}
