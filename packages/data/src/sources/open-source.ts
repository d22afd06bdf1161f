/** @file Opens what an import reads: a folder or a .zip archive. */
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { DomainError } from '@plumbline/contracts';
import { isMissing } from '../store/blob-store.ts';
import { compareText } from '../store/canonical-json.ts';
import { openArchive } from './archive.ts';
import { openFolder } from './folder.ts';
import type { SourceFile, SourceFiles } from './source-files.ts';

/** Opens a folder, or any regular file as a .zip (an upload need not be called `.zip`). */
export async function openSource(source: string): Promise<SourceFiles> {
  const absolute = resolve(source);
  const name = basename(absolute).replace(/\.zip$/i, '');
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
  } catch (error) {
    await opened.close();
    throw error;
  }
  return { ...opened, name, files };
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

function differenceOf(path: string, other: string): string {
  if (path.normalize('NFC') !== other.normalize('NFC'))
    return 'differ only in upper and lower case';
  return 'look the same and differ only in how accented letters are encoded (Unicode NFC and NFD)';
}
