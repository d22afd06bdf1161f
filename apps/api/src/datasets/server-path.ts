/** @file Paths on the server's disk that somebody wants to import from. */
import { realpath, stat } from 'node:fs/promises';
import { extname, isAbsolute, relative, resolve } from 'node:path';
import { DomainError } from '@plumbline/contracts';
import type { Context } from '../context.ts';

type Asking = Pick<Context, 'importRoots' | 'principal'>;

/**
 * @param archives Endings of files that serve in place of a folder, in lower case
 * @throws DomainError FORBIDDEN outside the folders that may be imported from; INVALID_INPUT for what is neither a folder nor
 *   such a file
 */
export async function assertServerPath(
  asking: Asking,
  path: string,
  archives: readonly string[],
): Promise<void> {
  const kinds = `a folder or ${archives.join(' or ')} file`;
  if (!isAbsolute(path))
    throw badPath(`The path "${path}" is not absolute.`, 'Give the full path, from the root on.');
  await assertAllowed(asking, path, kinds);
  const found = await stat(path).catch(() => null);
  if (found === null) {
    throw badPath(
      `There is nothing at "${path}" on the server.`,
      `Give ${kinds} that the platform can read, or upload one.`,
    );
  }
  if (!found.isDirectory() && !archives.includes(extname(path).toLowerCase()))
    throw badPath(`"${path}" is not ${kinds}.`, 'Give one of these.');
}

/**
 * With roots (`PLUMBLINE_IMPORT_ROOTS`), only what is in one of them is allowed; without, anything is for an admin, and nothing
 * for others, who would learn what is on the disk.
 */
async function assertAllowed(
  { importRoots, principal }: Asking,
  path: string,
  kinds: string,
): Promise<void> {
  if (importRoots === null) {
    if (principal.role === 'admin') return;
    throw forbidden(
      'Only an admin may import from the disk of the server.',
      `Upload ${kinds}, or ask whoever runs the platform to allow folders with PLUMBLINE_IMPORT_ROOTS.`,
    );
  }
  const target = await followed(path);
  for (const root of importRoots) if (isIn(await followed(root), target)) return;
  throw forbidden(
    `"${path}" is in no folder that may be imported from.`,
    `Give one in ${importRoots.join(' or ')}, or upload ${kinds}.`,
  );
}

/** With its links followed, as far as it is there. */
function followed(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}

function isIn(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith('../') && !way.startsWith('..\\') && !isAbsolute(way);
}

function forbidden(message: string, fix: string): DomainError {
  return new DomainError('FORBIDDEN', message, { field: 'source.path', fix });
}

function badPath(message: string, fix: string): DomainError {
  return new DomainError('INVALID_INPUT', message, { field: 'source.path', fix });
}
