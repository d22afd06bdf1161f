/** @file What a route of the API sends, as a file that is there whole or not at all. */
import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { DomainError } from '@plumbline/contracts';
import { type Connection, callRoute } from './api-client.ts';

/** What keeps a file from being written here; everything else is the connection. */
const OWN_DISK = ['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT'];

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
  const partial = `${file}.partial-${process.pid}`;
  let bytes = 0;
  try {
    // Opened before anything can break off: a stream that opens it itself may make it after it was removed.
    const handle = await open(partial, 'w');
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
    throw notWritten(wanted, cause);
  }
  return bytes;
}

function notWritten({ file, fix }: Saved, cause: unknown): DomainError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (OWN_DISK.includes(code)) {
    return new DomainError('INVALID_INPUT', `${file} can't be written: ${code}.`, {
      ...{ field: 'out', cause },
      fix: 'Name a file in a folder that exists, with room on its disk.',
    });
  }
  return new DomainError('UNAVAILABLE', `The answer broke off, so ${file} was not written.`, {
    ...{ cause, fix },
  });
}
