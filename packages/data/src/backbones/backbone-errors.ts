/** @file What is said when a backbone can't be fetched or added, with how to fix it. */
import { type CatalogBackbone, DomainError } from '@plumbline/contracts';
import { UnconfirmedHashError, WrongHashError } from './fetch-file.ts';

interface Attempt {
  readonly entry: CatalogBackbone;
  readonly url: string;
  readonly target: string;
}

/** The errors of a download in words that say what to do, where there is no network too. */
export function explainFetch(error: unknown, { entry, url, target }: Attempt): unknown {
  if (error instanceof DomainError) return error;
  if (error instanceof UnconfirmedHashError) {
    return invalid(
      `"${entry.name}" was downloaded from ${url} and has the SHA-256 ${error.sha256}, but the catalog has no hash to compare it with.`,
      `Compare it with the one shown at ${entry.page}/blob/main/model.safetensors, then run "plumb backbones fetch ${entry.name} --sha256 ${error.sha256}"; it is not downloaded again.`,
      'sha256',
    );
  }
  const reason = error instanceof Error ? error.message : String(error);
  const hash = entry.sha256 === null ? '' : ` (SHA-256 ${entry.sha256})`;
  return new DomainError(
    error instanceof WrongHashError ? 'INVALID_INPUT' : 'UNAVAILABLE',
    `The backbone "${entry.name}" could not be fetched from ${url}: ${reason}.`,
    {
      field: 'backbone',
      fix: `Try again: it resumes where it stopped. Or add the file by hand: download ${url}${hash} on another machine and run "plumb backbones add <file> --name ${entry.name}", which puts it at ${target}.`,
      cause: error,
    },
  );
}

export function invalid(message: string, fix: string, field: string): DomainError {
  return new DomainError('INVALID_INPUT', message, { field, fix });
}
