/** @file Paths on the server's disk, and prefixes in buckets, that somebody wants to import from. */
import { realpath, stat } from 'node:fs/promises';
import { extname, isAbsolute, relative, resolve } from 'node:path';
import {
  DomainError,
  isInS3,
  isS3Path,
  parseS3Path,
  requireS3Path,
  type S3Address,
  s3PathOf,
} from '@plumbline/contracts';
import { assertInBucket } from '@plumbline/data';
import type { Context } from '../context.ts';

const FIELD = 'source.path';

type Asking = Pick<Context, 'importRoots' | 's3' | 'principal'>;

/**
 * @param archives Endings of files that serve in place of a folder, in lower case
 * @throws DomainError FORBIDDEN outside what may be imported from; INVALID_INPUT for what is neither a folder nor such a file;
 *   NOT_FOUND for a prefix with nothing below
 */
export async function assertServerPath(
  asking: Asking,
  path: string,
  archives: readonly string[],
): Promise<void> {
  const kinds = `a folder or ${archives.join(' or ')} file`;
  if (isS3Path(path)) return assertBucket(asking, requireS3Path(path, FIELD), kinds);
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
    if (principal.role !== 'admin') throw adminsOnly('the disk of the server', kinds);
    return;
  }
  const target = await followed(path);
  for (const root of importRoots) if (!isS3Path(root) && isIn(await followed(root), target)) return;
  throw outside(path, importRoots, kinds);
}

/** By the same rule. What the platform's own credentials may read is no reason to show it to everyone. */
async function assertBucket(
  { importRoots, principal, s3 }: Asking,
  address: S3Address,
  kinds: string,
): Promise<void> {
  if (importRoots === null) {
    if (principal.role !== 'admin') throw adminsOnly('a bucket', kinds);
  } else {
    const roots = importRoots.map(parseS3Path);
    if (!roots.some((root) => root !== null && isInS3(root, address)))
      throw outside(s3PathOf(address), importRoots, kinds);
  }
  await assertInBucket(address, s3);
}

function adminsOnly(where: string, kinds: string): DomainError {
  return forbidden(
    `Only an admin may import from ${where}.`,
    `Upload ${kinds}, or ask whoever runs the platform to allow folders or buckets with PLUMBLINE_IMPORT_ROOTS.`,
  );
}

function outside(path: string, roots: readonly string[], kinds: string): DomainError {
  return forbidden(
    `"${path}" is in no ${isS3Path(path) ? 'bucket or prefix' : 'folder'} that may be imported from.`,
    `Give one in ${roots.join(' or ')}, or upload ${kinds}.`,
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
  return new DomainError('FORBIDDEN', message, { field: FIELD, fix });
}

function badPath(message: string, fix: string): DomainError {
  return new DomainError('INVALID_INPUT', message, { field: FIELD, fix });
}
