/** @file What a route of the API sends, as a file that is there whole or not at all. */
import { rmSync } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { DomainError } from '@plumbline/contracts';
import { type Connection, callRoute } from './api-client.ts';

interface Saved {
  /** Of the API. */
  readonly path: string;
  readonly file: string;
  /** What to do when it breaks off. */
  readonly fix: string;
  readonly onBytes?: (bytes: number) => void;
}

/**
 * @returns Its bytes.
 * @throws DomainError INVALID_INPUT when the file can't be written, UNAVAILABLE when the connection breaks off
 */
export async function saveBody(connection: Connection, wanted: Saved): Promise<number> {
  const { path, file, onBytes } = wanted;
  const { body } = await callRoute(connection, path);
  if (body === null)
    throw new DomainError('UNAVAILABLE', 'The API sent nothing.', {
      fix: 'Give the same command again; "plumb doctor" says whether the API answers.',
    });
  // Opened before anything can break off: a stream that opens it itself may make it after it was removed.
  const { partial, handle } = await openPartial(file, wanted.fix);
  const stopCleaning = removeWhenStopped(partial);
  let bytes = 0;
  try {
    await pipeline(
      Readable.fromWeb(body as ReadableStream<Uint8Array>),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          bytes += chunk.length;
          onBytes?.(bytes);
          yield chunk;
        }
      },
      handle.createWriteStream(),
    );
    await rename(partial, file);
  } catch (cause) {
    await rm(partial, { force: true });
    throw brokenOff(wanted, cause);
  } finally {
    stopCleaning();
  }
  return bytes;
}

/** Before hours of work whose results are to be saved. @throws DomainError INVALID_INPUT when the file can't be written */
export async function requireWritable(file: string): Promise<void> {
  const there = await stat(file).catch(() => null);
  if (there?.isDirectory()) throw notWritable(file, 'EISDIR');
  const { partial, handle } = await openPartial(file);
  await handle.close();
  await rm(partial);
}

interface PartialFile {
  readonly partial: string;
  readonly handle: FileHandle;
}

async function openPartial(file: string, fix?: string): Promise<PartialFile> {
  const partial = `${file}.partial-${process.pid}`;
  try {
    return { partial, handle: await open(partial, 'w') };
  } catch (cause) {
    throw notWritable(file, ownDiskCode(cause) ?? String(cause), fix);
  }
}

/** Ctrl-C too leaves nothing of the file; then the signal does what it does. */
function removeWhenStopped(partial: string): () => void {
  const stop = (signal: NodeJS.Signals) => {
    rmSync(partial, { force: true });
    end();
    process.kill(process.pid, signal);
  };
  const end = () => process.off('SIGINT', stop).off('SIGTERM', stop);
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return end;
}

function brokenOff({ file, fix }: Saved, cause: unknown): DomainError {
  const code = ownDiskCode(cause);
  if (code !== null) return notWritable(file, code, fix);
  return new DomainError('UNAVAILABLE', `The answer broke off, so ${file} was not written.`, {
    ...{ cause, fix },
  });
}

/** Of what keeps a file from being written here; null of the connection, whose errors `fetch` wraps. */
function ownDiskCode(cause: unknown): string | null {
  return cause instanceof Error && 'code' in cause && 'syscall' in cause
    ? String(cause.code)
    : null;
}

function notWritable(file: string, code: string, then?: string): DomainError {
  const fix = 'Name a file in a folder that exists, with room on its disk and a short enough name.';
  return new DomainError('INVALID_INPUT', `${file} can't be written: ${code}.`, {
    field: 'out',
    fix: then === undefined ? fix : `${fix} ${then}`,
  });
}
