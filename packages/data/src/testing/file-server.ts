/** @file A real HTTP server of one file, with byte ranges and with the faults that downloads meet. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How one request is answered. */
export type Fault =
  | 'none'
  /** The connection breaks in the middle. */
  | 'drop'
  /** Says that it is done after half of the bytes, without a length. */
  | 'truncate'
  /** Sends a half, then nothing more. */
  | 'silence'
  /** Ignores byte ranges: always the whole file. */
  | 'no-range'
  | 404
  | 503;

export interface FileServer {
  readonly url: string;
  /** `Range` headers of the requests so far, null without one. */
  readonly ranges: (string | null)[];
  close(): Promise<void>;
}

/** @param faults Of the first, second, … request; later ones are answered well. */
export async function serveFile(bytes: Uint8Array, faults: readonly Fault[]): Promise<FileServer> {
  const ranges: (string | null)[] = [];
  const server = createServer((request, response) => {
    const fault = faults[ranges.length] ?? 'none';
    ranges.push(request.headers.range ?? null);
    answer(request, response, bytes, fault);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    ranges,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Uint8Array,
  fault: Fault,
): void {
  if (typeof fault === 'number') {
    response.writeHead(fault).end('no');
    return;
  }
  const wanted = fault === 'no-range' ? null : /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
  const start = Number(wanted?.[1] ?? 0);
  if (start >= bytes.length) {
    response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
    return;
  }
  const body = bytes.subarray(start);
  const half = body.subarray(0, Math.ceil(body.length / 2));
  const range =
    wanted === null
      ? {}
      : { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` };
  const length = fault === 'truncate' ? {} : { 'content-length': body.length };
  response.writeHead(wanted === null ? 200 : 206, { ...range, ...length });
  if (fault === 'none' || fault === 'no-range') response.end(body);
  if (fault === 'truncate') response.end(half);
  if (fault === 'silence') response.write(half);
  if (fault === 'drop') response.write(half, () => setTimeout(() => response.destroy(), 50));
}
