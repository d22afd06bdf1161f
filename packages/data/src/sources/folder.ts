/** @file A folder as the source of an import. Symbolic links are refused, so nothing outside the folder is read. */
import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@plumbline/contracts';
import type { OpenedSource, SourceFile } from './source-files.ts';

export async function openFolder(root: string): Promise<OpenedSource> {
  const files: SourceFile[] = [];
  const directories: string[] = [];

  async function walk(folder: string): Promise<void> {
    const entries = await readdir(join(root, folder), { withFileTypes: true });
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isSymbolicLink()) throw linkError(path);
      if (entry.isDirectory()) {
        directories.push(path);
        await walk(path);
      } else if (entry.isFile()) {
        files.push({ path, bytes: (await lstat(join(root, path))).size });
      } else {
        throw new DomainError('INVALID_INPUT', `${path} is not a regular file.`, {
          fix: 'Remove it from the folder.',
          file: path,
        });
      }
    }
  }

  async function read(path: string): Promise<Uint8Array> {
    // O_NOFOLLOW: the file may have become a link since it was listed.
    const handle = await open(join(root, path), constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      return await handle.readFile();
    } finally {
      await handle.close();
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
