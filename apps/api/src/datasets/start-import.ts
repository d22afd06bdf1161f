/** @file Imports: checks what can be checked at once, then leaves the work to a trainer. */
import { stat } from 'node:fs/promises';
import { extname, isAbsolute } from 'node:path';
import {
  type DatasetImport,
  DomainError,
  type ImportDatasetInput,
  type ImportSource,
} from '@plumbline/contracts';
import type { Context } from '../context.ts';
import { claimOf } from '../idempotency/claim-of.ts';

/**
 * Queues an import. Paths on the server's disk are taken from every caller: `authorize` lets in only programs on
 * this machine and holders of the API key.
 * @throws DomainError INVALID_INPUT for a source that is not there, CONFLICT when the name is taken
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
  return database.imports.create(input, claim);
}

async function assertSource(context: Context, source: ImportSource): Promise<void> {
  if (source.kind === 'upload') await context.uploads.assertFinished(source.uploadId);
  if (source.kind === 'path') await assertPath(source.path);
  if (source.kind === 'edit')
    for (const change of source.changes)
      if (change.kind === 'addFiles') await assertSource(context, change.source);
}

/** @throws DomainError INVALID_INPUT for what is neither a folder nor a .zip on the server */
export async function assertPath(path: string): Promise<void> {
  if (!isAbsolute(path)) {
    throw badPath(`The path "${path}" is not absolute.`, 'Give the full path, from the root on.');
  }
  const found = await stat(path).catch(() => null);
  if (found === null) {
    throw badPath(
      `There is nothing at "${path}" on the server.`,
      'Give a folder or .zip file that the platform can read, or upload a .zip.',
    );
  }
  if (!found.isDirectory() && extname(path).toLowerCase() !== '.zip') {
    throw badPath(`"${path}" is neither a folder nor a .zip file.`, 'Give one of the two.');
  }
}

function badPath(message: string, fix: string): DomainError {
  return new DomainError('INVALID_INPUT', message, { field: 'source.path', fix });
}
