/** @file Batches: many images that the API inspects by a job. */
import {
  type Batch,
  type BatchResult,
  batchResultSchema,
  batchSchema,
  type StartBatchRequest,
} from '@plumbline/contracts';
import { z } from 'zod';
import { address } from './address.ts';
import { ApiError } from './api-error.ts';
import { checked } from './checked.ts';
import type { ApiRequest, CallOptions, Transport } from './transport.ts';

export type StartBatchOptions = CallOptions & {
  /** Asking again with it makes nothing new; one is made up when absent, so that a call goes on while the API is away. */
  readonly idempotencyKey?: string;
};

const TUS = { 'tus-resumable': '1.0.0' };
/** Each piece is a request: none outlasts its time. */
const PIECE_BYTES = 16 * 2 ** 20;

export class Batches {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Of a dataset version, or of an upload (`upload`). @throws ApiError */
  start(input: StartBatchRequest, options: StartBatchOptions = {}): Promise<Batch> {
    const { signal, idempotencyKey = randomKey() } = options;
    return this.#call({
      ...{ method: 'POST', path: '/v1/batches', signal },
      headers: { 'idempotency-key': idempotencyKey },
      ...{ contentType: 'application/json', body: JSON.stringify(input) },
    });
  }

  /** Those that you started, newest first; engineers see all. */
  list({ signal }: CallOptions = {}): Promise<Batch[]> {
    return this.#transport.call({ path: '/v1/batches', signal }, async (response) =>
      checked(await response.text(), z.array(batchSchema), response),
    );
  }

  /** How far it is. */
  get(id: string, { signal }: CallOptions = {}): Promise<Batch> {
    return this.#call({ path: address`/v1/batches/${id}`, signal });
  }

  /** The results so far stay. */
  cancel(id: string, { signal }: CallOptions = {}): Promise<Batch> {
    return this.#call({ method: 'POST', path: address`/v1/batches/${id}/cancel`, signal });
  }

  /** Those so far, in the order of the source. */
  results(id: string, { signal }: CallOptions = {}): Promise<BatchResult[]> {
    const path = address`/v1/batches/${id}/results`;
    return this.#transport.call({ path, signal }, async (response) => {
      const lines = (await response.text()).split('\n').filter((line) => line !== '');
      return lines.map((line) => checked(line, batchResultSchema, response));
    });
  }

  /** PNG of an image of the results, by its `heatmap`. */
  heatmap(path: string, { signal }: CallOptions = {}): Promise<ArrayBuffer> {
    return this.#transport.call({ path, signal }, (response) => response.arrayBuffer());
  }

  /** Sends a .zip of images. @returns its id, for `start` */
  async upload(file: Blob, fileName: string, { signal }: CallOptions = {}): Promise<string> {
    const path = await this.#transport.call(
      {
        ...{ method: 'POST', path: '/v1/uploads', signal },
        headers: {
          ...TUS,
          'upload-length': String(file.size),
          'upload-metadata': `filename ${base64(fileName)}`,
        },
      },
      async ({ headers }) => new URL(headers.get('location') ?? '', 'http://of.it').pathname,
    );
    for (let offset = 0; offset < file.size; ) {
      const next = await this.#append(path, file, { offset, signal });
      if (next === offset) throw new Error(`${path} takes no more bytes after ${offset}.`);
      offset = next;
    }
    return path.split('/').at(-1) ?? '';
  }

  /** @returns how much is there, also when the answer to a piece was lost */
  async #append(
    path: string,
    file: Blob,
    { offset, signal }: CallOptions & { readonly offset: number },
  ): Promise<number> {
    const read = async ({ headers }: Response) => Number(headers.get('upload-offset'));
    const piece: ApiRequest = {
      ...{ method: 'PATCH', path, signal, contentType: 'application/offset+octet-stream' },
      headers: { ...TUS, 'upload-offset': String(offset) },
      body: file.slice(offset, offset + PIECE_BYTES),
    };
    try {
      return await this.#transport.call(piece, read);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 409) throw error;
      return this.#transport.call({ method: 'HEAD', path, headers: TUS, signal }, read);
    }
  }

  #call(request: ApiRequest): Promise<Batch> {
    return this.#transport.call(request, async (response) =>
      checked(await response.text(), batchSchema, response),
    );
  }
}

/** As `crypto.randomUUID`, which browsers have on pages with TLS only. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
