/** @file Files that are on the disk when this returns, not only on their way there. */
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DomainError, isNoRoom } from '@plumbline/contracts';
import { freeBytes, syncFolder } from '@plumbline/data';

/**
 * @param parts One after the other.
 * @throws DomainError UNAVAILABLE when the disk is full
 */
export async function writeDurably(path: string, ...parts: readonly Uint8Array[]): Promise<void> {
  try {
    const file = await open(path, 'w');
    try {
      for (const part of parts) await file.writeFile(part);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw isNoRoom(error) ? await noRoomError(path, parts, error) : error;
  }
}

/** Gives a file or folder its name, which it keeps when the power fails. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(dirname(to));
}

async function noRoomError(
  path: string,
  parts: readonly Uint8Array[],
  cause: unknown,
): Promise<DomainError> {
  const bytes = parts.reduce((sum, part) => sum + part.byteLength, 0);
  const folder = dirname(path);
  return new DomainError(
    'UNAVAILABLE',
    `There is no room on the disk for a file of ${megabytes(bytes)} in ${folder}, where ${megabytes(await freeBytes(folder))} are free.`,
    { fix: 'Free some space there. What was saved before is intact.', cause },
  );
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
