/** @file Imports of somebody else's results: checks what can be checked at once, then leaves the work to a trainer. */
import type { ImportResultsInput, ResultImport } from '@plumbline/contracts';
import type { Context } from '../context.ts';
import { assertServerPath } from '../datasets/server-path.ts';
import { claimOf } from '../idempotency/claim-of.ts';

const ARCHIVES = ['.zip', '.npz'];

/**
 * Queues an import.
 * @throws DomainError FORBIDDEN for a path that may not be imported from, INVALID_INPUT for a source that is not there, NOT_FOUND, CONFLICT for a model of another dataset
 */
export async function startResultImport(
  context: Context,
  input: ImportResultsInput,
): Promise<ResultImport> {
  const { database } = context;
  const claim = claimOf(context, 'results.import', input);
  const before = await database.idempotency.find(claim);
  if (before !== null) return database.results.get(before);
  const { source } = input;
  if (source.kind === 'upload') await context.uploads.assertFinished(source.uploadId);
  else await assertServerPath(context, source.path, ARCHIVES);
  return database.results.create(input, claim);
}
