/** @file Names of files in an archive or a bucket, which anybody may have chosen: none may lead elsewhere. */
import { DomainError } from '@plumbline/contracts';

/** Control characters, and those that make a name read otherwise than it is (Unicode's bidirectional controls). */
const UNUSABLE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;
/** What file systems end at. */
const MAX_NAME_BYTES = 255;
const MAX_PATH_BYTES = 4096;
/** Characters of a name in a message. */
const SHOWN_NAME = 300;

export interface EntryWords {
  /** What it is called, such as `archive entry`. */
  readonly what: string;
  /** What it may not leave. */
  readonly whole: string;
  readonly fix: string;
}

/**
 * @returns Path of an entry without `./`, with a `/` at its end for a folder; null for nothing but `./`
 * @throws DomainError INVALID_INPUT naming the entry
 */
export function entryPathOf(name: string, { what, whole, fix }: EntryWords): string | null {
  const segments = name.split('/');
  const reason = name.includes('\\')
    ? 'has a backslash in its name'
    : name.startsWith('/') || /^[A-Za-z]:/.test(name)
      ? 'has an absolute path'
      : segments.includes('..')
        ? `leads out of the ${whole} with ".."`
        : name === '' || UNUSABLE.test(name) || segments.slice(0, -1).includes('')
          ? 'has an unusable name'
          : longNameOf(name, segments);
  if (reason !== null) {
    const shown = name.slice(0, SHOWN_NAME);
    throw new DomainError('INVALID_INPUT', `The ${what} ${JSON.stringify(shown)} ${reason}.`, {
      fix,
      file: shown,
    });
  }
  const path = segments.filter((segment) => segment !== '.').join('/');
  return path === '' ? null : path;
}

function longNameOf(name: string, segments: readonly string[]): string | null {
  if (Buffer.byteLength(name) > MAX_PATH_BYTES)
    return `has a path longer than ${MAX_PATH_BYTES} bytes`;
  return segments.some((segment) => Buffer.byteLength(segment) > MAX_NAME_BYTES)
    ? `has a name longer than ${MAX_NAME_BYTES} bytes`
    : null;
}
