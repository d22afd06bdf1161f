/** @file One image to the API, asked for again while the API is busy or away. */
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '@plumbline/contracts';
import { type Connection, callRoute } from '../api-client.ts';

export interface ImageRequest {
  readonly model: string;
  readonly route: 'predict' | 'normal';
  readonly body: Uint8Array<ArrayBuffer>;
  readonly query: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** @throws DomainError with what the API said. */
export function sendImage(
  connection: Connection,
  { model, route, body, query, signal }: ImageRequest,
): Promise<Response> {
  return callRoute(
    connection,
    `/v1/models/${encodeURIComponent(model)}/${route}?${new URLSearchParams({ ...query })}`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body,
      ...(signal === undefined ? {} : { signal }),
    },
  );
}

/** A platform that is restarted is back by then. */
const PATIENCE_MS = 120_000;
const [FIRST_WAIT_MS, LONGEST_WAIT_MS] = [250, 5_000];

/** `send`, again and again while the API is full or away, for up to two minutes. */
export async function persistently<T>(
  send: () => Promise<T>,
  signal: AbortSignal,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(LONGEST_WAIT_MS, 2 * wait)) {
    try {
      return await send();
    } catch (error) {
      if (signal.aborted || !isPassing(error) || performance.now() + wait > deadline) throw error;
      await sleep(wait, undefined, { signal });
    }
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof DomainError)
    return error.code === 'TOO_MANY' || error.code === 'UNAVAILABLE';
  // `fetch` when nobody answers, or the connection broke.
  return error instanceof TypeError;
}
