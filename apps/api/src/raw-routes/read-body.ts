/** @file Reads a body into one piece of memory: its parts beside the whole would take twice its size. */
import type { IncomingMessage } from 'node:http';
import { DomainError } from '@plumbline/contracts';
import type { FastifyRequest } from 'fastify';

/** A parser of Fastify for bodies of at most so many bytes. */
export function bodyReader(maxBytes: number) {
  return async (
    request: FastifyRequest,
    payload: IncomingMessage,
  ): Promise<Uint8Array<ArrayBuffer>> => {
    const header = request.headers['content-length'];
    if (header === undefined) return gather(payload, maxBytes);
    const declared = Number(header);
    if (declared > maxBytes) throw tooLarge(maxBytes);
    // Not of Node's pool, so that it can go to a thread without a copy; the system gives its pages as they are filled.
    const body = new Uint8Array(declared);
    let length = 0;
    for await (const part of payload as AsyncIterable<Uint8Array>) {
      body.set(part, length);
      length += part.length;
    }
    return body;
  };
}

/** Without a declared length. */
async function gather(
  payload: IncomingMessage,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of payload as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > maxBytes) throw tooLarge(maxBytes);
    parts.push(part);
  }
  return Buffer.concat(parts, length);
}

export function tooLarge(maxBytes: number): DomainError {
  const most = `${maxBytes / 1e6} MB`;
  return new DomainError('TOO_LARGE', `The body of the request is larger than ${most}.`, {
    fix: `Send at most ${most} at a time.`,
  });
}
