/** @file Files that are on the disk, not only on their way there. */
import { closeSync, fsync, openSync, write, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { DomainError, isNoRoom } from '@plumbline/contracts';
import { freeBytes } from '../free-bytes.ts';

/** Copied to the system in less time than another thread takes to begin. */
const SMALL_BYTES = 512e3;
const writeFrom = promisify(write);
const fsyncFile = promisify(fsync);

/** What is written and not yet flushed: nobody holds its bytes any more. */
export interface Flushing {
  /** Once it outlasts a power failure. */
  readonly flushed: Promise<void>;
}

/**
 * @param parts One after the other.
 * @throws DomainError UNAVAILABLE when the disk is full, as `flushed` does
 */
export async function writeFlushing(
  path: string,
  ...parts: readonly Uint8Array[]
): Promise<Flushing> {
  const bytes = parts.reduce((sum, part) => sum + part.byteLength, 0);
  try {
    // Opening and closing take microseconds: less than to have another thread do it.
    const file = openSync(path, 'w');
    try {
      for (const part of parts) await writeAll(file, part);
    } catch (error) {
      closeSync(file);
      throw error;
    }
    return { flushed: flush(file, path, bytes) };
  } catch (error) {
    throw isNoRoom(error) ? await noRoomError(path, bytes, error) : error;
  }
}

/** As `writeFlushing`, flushed when this returns. */
export async function writeSynced(path: string, ...parts: readonly Uint8Array[]): Promise<void> {
  const { flushed } = await writeFlushing(path, ...parts);
  await flushed;
}

async function flush(file: number, path: string, bytes: number): Promise<void> {
  try {
    await fsyncFile(file);
  } catch (error) {
    throw isNoRoom(error) ? await noRoomError(path, bytes, error) : error;
  } finally {
    closeSync(file);
  }
}

async function writeAll(file: number, bytes: Uint8Array): Promise<void> {
  const isSmall = bytes.byteLength <= SMALL_BYTES;
  for (let at = 0; at < bytes.byteLength; )
    at += isSmall ? writeSync(file, bytes, at) : (await writeFrom(file, bytes, at)).bytesWritten;
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

export async function noRoomError(
  path: string,
  bytes: number,
  cause: unknown,
): Promise<DomainError> {
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
