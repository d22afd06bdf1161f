/** @file Files that are on the disk when this returns, not only on their way there. */
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DomainError, isNoRoom } from '@plumbline/contracts';
import { freeBytes } from '../free-bytes.ts';

/**
 * @param parts One after the other.
 * @throws DomainError UNAVAILABLE when the disk is full
 */
export async function writeSynced(path: string, ...parts: readonly Uint8Array[]): Promise<void> {
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

/** The bytes of a file that was written are kept when the power fails. */
export async function syncFile(path: string): Promise<void> {
  // Windows flushes only what is open for writing.
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Names of new files in a folder are kept when the power fails. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders, and writes names at once.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
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
