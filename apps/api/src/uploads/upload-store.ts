/** @file Resumable uploads of .zip files (tus 1.0), kept in the platform's upload folder until they are imported. */
import { randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { DomainError, ERROR_STATUS } from '@plumbline/contracts';
import { FileStore } from '@tus/file-store';
import { Server, type Upload } from '@tus/server';
import { describeError } from '../errors/describe-error.ts';
import { UploadRoom } from './upload-room.ts';

export const UPLOADS_PATH = '/v1/uploads';

/** The id is the file's name in the upload folder. */
const UPLOAD_ID = /^[0-9a-f]{32}\.zip$/;

/** Uploads that stopped, or that nothing uses, are removed after a week, 7 × 24 × 3600 × 1000 ms. */
const ABANDONED_AFTER_MS = 604_800_000;

/** An archive that unpacks to more is refused, and images hardly compress. */
const MAX_UPLOAD_BYTES = 50 * 1024 ** 3;

export class UploadStore {
  readonly #directory: string;
  readonly #files: FileStore;
  readonly #server: Server;
  readonly #room: UploadRoom;

  /** @param directory exists */
  constructor(directory: string) {
    this.#directory = directory;
    this.#files = new FileStore({ directory });
    this.#room = new UploadRoom(directory, this.#files);
    this.#server = new Server({
      path: UPLOADS_PATH,
      datastore: this.#files,
      relativeLocation: true,
      maxSize: MAX_UPLOAD_BYTES,
      allowedOrigins: [],
      namingFunction: () => `${randomBytes(16).toString('hex')}.zip`,
      onUploadCreate: async (_request, upload) => {
        assertZip(upload);
        await this.#room.reserve(upload.id, sizeOf(upload));
        return {};
      },
      onResponseError: (_request, error) =>
        error instanceof DomainError ? reply(error) : undefined,
    });
  }

  /** Answers one request of the tus protocol. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    return this.#server.handle(request, response);
  }

  /**
   * Removes uploads that stopped a week ago, finished ones that no import waits for, and what is known of those whose file is
   * imported and gone.
   */
  async removeAbandoned(
    isAwaited: (id: string) => Promise<boolean>,
    now: number = Date.now(),
  ): Promise<void> {
    // The store's own cleaning takes finished uploads for unfinished ones.
    for (const file of await readdir(this.#directory)) {
      const id = file.replace(/\.json$/, '');
      if (!file.endsWith('.json') || !UPLOAD_ID.test(id)) continue;
      const path = join(this.#directory, id);
      const stats = await stat(path).catch(() => null);
      if (stats === null) {
        await rm(`${path}.json`, { force: true });
      } else if (now - stats.mtimeMs > ABANDONED_AFTER_MS && !(await isAwaited(id))) {
        await this.#files.remove(id);
      }
    }
  }

  /** Where a finished upload is. @throws DomainError as `assertFinished` */
  async pathOf(id: string): Promise<string> {
    await this.assertFinished(id);
    return join(this.#directory, id);
  }

  /** @throws DomainError INVALID_INPUT when there is no such upload, or some of it is still missing */
  async assertFinished(id: string): Promise<void> {
    const upload = UPLOAD_ID.test(id) ? await this.#files.getUpload(id).catch(() => null) : null;
    if (upload === null) {
      throw badUpload(`There is no upload "${id}".`, `Upload the .zip to ${UPLOADS_PATH} first.`);
    }
    if (upload.size === undefined || upload.offset !== upload.size) {
      throw badUpload(
        `The upload "${id}" is not finished: ${upload.offset} of ${upload.size ?? 'an unknown number of'} bytes are here.`,
        'Resume it, then import it.',
      );
    }
  }
}

function assertZip(upload: Upload): void {
  const filename = upload.metadata?.['filename'] ?? '';
  // An .npz is a .zip of arrays.
  if (!/\.(zip|npz)$/i.test(filename ?? '')) {
    throw new DomainError('UNSUPPORTED', `"${filename}" is neither a .zip nor an .npz file.`, {
      field: 'filename',
      file: filename ?? '',
      fix: 'Pack the dataset as .zip and name it in the metadata "filename".',
    });
  }
}

/** @throws DomainError INVALID_INPUT for an upload that does not say how large it is: no room could be kept for it */
function sizeOf({ size }: Upload): number {
  if (size !== undefined) return size;
  throw new DomainError('INVALID_INPUT', 'The upload does not say how large it is.', {
    field: 'upload-length',
    fix: 'Send the header Upload-Length.',
  });
}

function badUpload(message: string, fix: string): DomainError {
  return new DomainError('INVALID_INPUT', message, { field: 'source.uploadId', fix });
}

function reply(error: DomainError): { status_code: number; body: string } {
  return {
    status_code: ERROR_STATUS[error.code],
    body: JSON.stringify({ error: describeError(error) }),
  };
}
