/** @file Imports of somebody else's results: checks what can be checked at once, then leaves the work to a trainer. */
import { stat } from 'node:fs/promises';
import { extname, isAbsolute } from 'node:path';
import { DomainError, type ImportResultsInput, type ResultImport } from '@plumbline/contracts';
import type { Context } from '../context.ts';
import { claimOf } from '../idempotency/claim-of.ts';

const ARCHIVES = ['.zip', '.npz'];

/**
 * Queues an import. Paths on the server's disk are taken from every caller, as for datasets.
 * @throws DomainError INVALID_INPUT for a source that is not there, NOT_FOUND, CONFLICT for a model of another dataset
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
  else await assertPath(source.path);
  return database.results.create(input, claim);
}

async function assertPath(path: string): Promise<void> {
  if (!isAbsolute(path))
    throw badPath(`The path "${path}" is not absolute.`, 'Give the full path, from the root on.');
  const found = await stat(path).catch(() => null);
  if (found === null) {
    throw badPath(
      `There is nothing at "${path}" on the server.`,
      'Give a folder, .npz or .zip that the platform can read, or upload one.',
    );
  }
  if (!found.isDirectory() && !ARCHIVES.includes(extname(path).toLowerCase()))
    throw badPath(`"${path}" is not a folder, .npz or .zip.`, 'Give one of the three.');
}

function badPath(message: string, fix: string): DomainError {
  return new DomainError('INVALID_INPUT', message, { field: 'source.path', fix });
}
