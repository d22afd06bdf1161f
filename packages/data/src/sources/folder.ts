/** @file A folder as the source of an import. Symbolic links are refused, so nothing outside the folder is read. */
import { closeSync, constants, fstatSync, lstatSync, openSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as untilOthersRan } from 'node:timers/promises';
import { DomainError } from '@plumbline/contracts';
import { readAt } from './read-at.ts';
import type { OpenedSource, SourceFile } from './source-files.ts';

/** Without a pause for what else this process does: one takes 5 µs here, and ten times that by another thread. */
const SIZED_AT_A_TIME = 64;

export async function openFolder(root: string): Promise<OpenedSource> {
  const files: SourceFile[] = [];
  const directories: string[] = [];

  async function walk(folder: string): Promise<void> {
    const entries = await readdir(join(root, folder), { withFileTypes: true });
    const names: string[] = [];
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isSymbolicLink()) throw linkError(path);
      if (entry.isDirectory()) {
        directories.push(path);
        await walk(path);
      } else if (entry.isFile()) {
        names.push(path);
      } else {
        throw new DomainError('INVALID_INPUT', `${path} is not a regular file.`, {
          fix: 'Remove it from the folder.',
          file: path,
        });
      }
    }
    for (const [index, path] of names.entries()) {
      files.push({ path, bytes: lstatSync(join(root, path)).size });
      if (index % SIZED_AT_A_TIME === 0) await untilOthersRan();
    }
  }

  async function read(path: string): Promise<Uint8Array> {
    // O_NOFOLLOW: the file may have become a link since it was listed.
    const file = openSync(join(root, path), constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      return await readAt(file, 0, fstatSync(file).size);
    } finally {
      closeSync(file);
    }
  }

  await walk('');
  return { files, directories, read, close: async () => {} };
}

function linkError(path: string): DomainError {
  return new DomainError('INVALID_INPUT', `${path} is a symbolic link.`, {
    fix: 'Put the file itself in its place (cp -L): links are not followed.',
    file: path,
  });
}
