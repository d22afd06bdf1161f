/** @file Opens what an import reads: a folder or a .zip archive. */
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { DomainError } from '@plumbline/contracts';
import { compareText } from '../store/canonical-json.ts';
import { isMissing } from '../store/is-missing.ts';
import { openArchive } from './archive.ts';
import { openFolder } from './folder.ts';
import type { SourceFile, SourceFiles } from './source-files.ts';

/** Opens a folder, or any regular file as a .zip (an upload need not be called `.zip`). */
export async function openSource(source: string, givenName?: string): Promise<SourceFiles> {
  const absolute = resolve(source);
  const name = givenName ?? basename(absolute).replace(/\.zip$/i, '');
  const status = await stat(absolute).catch((cause: unknown) => {
    throw new DomainError(
      'NOT_FOUND',
      isMissing(cause)
        ? `There is nothing at ${source}.`
        : `${source} cannot be read: ${String(cause)}.`,
      {
        fix: 'Give the path of a folder or .zip file that the server can read.',
        field: 'source',
        cause,
      },
    );
  });
  if (!status.isDirectory() && !status.isFile()) {
    throw new DomainError('INVALID_INPUT', `${source} is neither a folder nor a file.`, {
      fix: 'Give the path of a folder or a .zip file.',
      field: 'source',
    });
  }
  const opened = status.isDirectory() ? await openFolder(absolute) : await openArchive(absolute);
  const files = [...opened.files].sort((a, b) => compareText(a.path, b.path));
  try {
    rejectClashingNames(files);
    rejectFilesAsFolders(files);
  } catch (error) {
    await opened.close();
    throw error;
  }
  return { ...opened, name, files, read: limited(opened.read, files) };
}

/** Bytes that one file may have: all of it is read into memory. */
const MAX_FILE_BYTES = 1024 ** 3;

/** Refuses by the stated size, before anything is read. */
function limited(
  read: (path: string) => Promise<Uint8Array>,
  files: readonly SourceFile[],
): SourceFiles['read'] {
  const sizes = new Map(files.map(({ path, bytes }) => [path, bytes]));
  return async (path, maxBytes = MAX_FILE_BYTES) => {
    if ((sizes.get(path) ?? 0) <= maxBytes) return read(path);
    throw new DomainError('INVALID_INPUT', `${path} is larger than ${inWords(maxBytes)}.`, {
      fix: 'Save an image with compression, scale it down or cut it into tiles; split a table or an archive.',
      file: path,
    });
  };
}

function inWords(bytes: number): string {
  return bytes < 1024 ** 3 ? `${Math.round(bytes / 1024 ** 2)} MB` : `${bytes / 1024 ** 3} GB`;
}

/** Two names that differ only in case, or in how an accent is encoded, are one file on other disks: a copy would lose one. */
function rejectClashingNames(files: readonly SourceFile[]): void {
  const seen = new Map<string, string>();
  for (const { path } of files) {
    const key = path.normalize('NFC').toLowerCase();
    const other = seen.get(key);
    if (other !== undefined) {
      const reason = other === path ? 'appears twice' : `and ${other} ${differenceOf(path, other)}`;
      throw new DomainError('INVALID_INPUT', `${path} ${reason}.`, {
        fix: 'Rename or remove one of the two.',
        file: path,
      });
    }
    seen.set(key, path);
  }
}

/** A file `a` beside a file `a/b`, as only archives can hold them. */
function rejectFilesAsFolders(files: readonly SourceFile[]): void {
  const named = new Set(files.map(({ path }) => path));
  for (const { path } of files) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      if (!named.has(folder)) continue;
      throw new DomainError('INVALID_INPUT', `${folder} is a file and a folder.`, {
        fix: 'Rename or remove one of the two.',
        file: folder,
      });
    }
  }
}

function differenceOf(path: string, other: string): string {
  if (path.normalize('NFC') !== other.normalize('NFC'))
    return 'differ only in upper and lower case';
  return 'look the same and differ only in how accented letters are encoded (Unicode NFC and NFD)';
}
