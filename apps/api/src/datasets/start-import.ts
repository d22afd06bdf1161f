/** @file Imports: checks what can be checked at once, then leaves the work to a trainer. */
import type { DatasetImport, ImportDatasetInput, ImportSource } from '@plumbline/contracts';
import type { Context } from '../context.ts';
import { claimOf } from '../idempotency/claim-of.ts';
import { assertServerPath } from './server-path.ts';

export const DATASET_ARCHIVES = ['.zip'];

/**
 * Queues an import.
 * @throws DomainError FORBIDDEN for a path that may not be imported from, INVALID_INPUT for a source that is not there, CONFLICT when the name is taken
 */
export async function startImport(
  context: Context,
  input: ImportDatasetInput,
): Promise<DatasetImport> {
  const { database } = context;
  const claim = claimOf(context, 'datasets.import', input);
  const before = await database.idempotency.find(claim);
  if (before !== null) return database.imports.get(before);
  await assertSource(context, input.source);
  await takeInspected(context, input);
  return database.imports.create(input, claim);
}

async function assertSource(context: Context, source: ImportSource): Promise<void> {
  if (source.kind === 'upload') await context.uploads.assertFinished(source.uploadId);
  if (source.kind === 'path') await assertServerPath(context, source.path, DATASET_ARCHIVES);
  if (source.kind === 'edit')
    for (const change of source.changes)
      if (change.kind === 'addFiles') await assertSource(context, change.source);
}

/** @throws DomainError INVALID_INPUT for an inspection whose image is not kept */
async function takeInspected({ database }: Context, input: ImportDatasetInput): Promise<void> {
  if (input.source.kind !== 'edit') return;
  const images = input.source.changes.flatMap((change) =>
    change.kind === 'addInspected' ? change.images : [],
  );
  if (images.length === 0) return;
  const inspections = images.map(({ inspection }) => inspection);
  await database.keptImages.take(inspections, input.name);
}
