/**
 * @file Downloads one large file: resumed where it stopped (HTTP Range, RFC 9110 section 14), checked by SHA-256, put
 * in its place by a rename. What has arrived is in `<target>.part`, which a failure or a cancellation leaves.
 */
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError, isNoRoom } from '@plumbline/contracts';
import { freeBytes } from '../free-bytes.ts';
import { sha256OfFile } from './sha256-of-file.ts';

export interface FetchFileOptions {
  readonly url: string;
  readonly target: string;
  /** Null: whatever arrives is taken for `.part` only; see `UnconfirmedHashError`. */
  readonly sha256: string | null;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined;
  /** Attempts in a row that bring nothing new before it gives up, default 5. */
  readonly attempts?: number;
  /** Before the second attempt, doubled each time, default 500. */
  readonly retryDelayMs?: number;
  /** Without a byte for this long an attempt counts as lost, default 30 000. */
  readonly stallMs?: number;
}

export interface FetchProgress {
  readonly receivedBytes: number;
  readonly totalBytes: number | null;
  /** Since this call began. */
  readonly bytesPerSecond: number;
  readonly etaSeconds: number | null;
}

/** The server has said that there is no use in asking again. */
class RefusedError extends Error {}

/** The file has arrived, but nobody has said which hash it must have. It waits in `.part`. */
export class UnconfirmedHashError extends Error {
  readonly sha256: string;
  constructor(sha256: string) {
    super(`No SHA-256 is known for the file; it has ${sha256}.`);
    this.sha256 = sha256;
  }
}

/** The file has arrived and is another one than was asked for. It has been removed. */
export class WrongHashError extends Error {}

/**
 * @throws DomainError CANCELLED or UNAVAILABLE (no room on the disk), `WrongHashError`, `UnconfirmedHashError`, or an
 * Error that says why the file didn't come.
 */
export async function fetchFile(options: FetchFileOptions): Promise<void> {
  const { target, signal, attempts = 5, retryDelayMs = 500 } = options;
  const part = `${target}.part`;
  await mkdir(dirname(target), { recursive: true });
  const meter = createMeter(await sizeOf(part), options.onProgress);
  for (let failures = 0; ; ) {
    const before = await sizeOf(part);
    try {
      await receive(options, part, meter);
      break;
    } catch (error) {
      assertNotCancelled(signal);
      if (error instanceof RefusedError || error instanceof DomainError) throw error;
      if (isNoRoom(error)) throw await noRoom(dirname(target), meter, error);
      failures = (await sizeOf(part)) > before ? 1 : failures + 1;
      if (failures >= attempts) throw describeFailure(error);
      await sleep(retryDelayMs * 2 ** (failures - 1), undefined, { signal }).catch(() => {});
      assertNotCancelled(signal);
    }
  }
  const sha256 = await sha256OfFile(part);
  if (options.sha256 === null) throw new UnconfirmedHashError(sha256);
  if (sha256 !== options.sha256) {
    await rm(part, { force: true });
    throw new WrongHashError(
      `the downloaded file has the SHA-256 ${sha256} instead of ${options.sha256}; it was removed`,
    );
  }
  await rename(part, target);
}

interface Meter {
  total: number | null;
  received: number;
  add(bytes: number): void;
}

function createMeter(start: number, onProgress: FetchFileOptions['onProgress']): Meter {
  const startedAt = performance.now();
  let arrived = 0;
  return {
    total: null,
    received: start,
    add(bytes) {
      this.received += bytes;
      arrived += bytes;
      const seconds = Math.max(0.001, (performance.now() - startedAt) / 1000);
      const bytesPerSecond = arrived / seconds;
      const left = this.total === null ? null : this.total - this.received;
      onProgress?.({
        receivedBytes: this.received,
        totalBytes: this.total,
        bytesPerSecond,
        etaSeconds: left === null || bytesPerSecond === 0 ? null : left / bytesPerSecond,
      });
    },
  };
}

/** One attempt: asks for what is missing and appends it. Ends well only when the whole file is there. */
async function receive(options: FetchFileOptions, part: string, meter: Meter): Promise<void> {
  const { url, signal, stallMs = 30_000 } = options;
  const offset = await sizeOf(part);
  const stall = new AbortController();
  const timer = setTimeout(() => stall.abort(new Error('the server stopped sending')), stallMs);
  const signals = signal === undefined ? [stall.signal] : [stall.signal, signal];
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any(signals),
      headers: {
        // Compression would make byte positions meaningless.
        'accept-encoding': 'identity',
        ...(offset > 0 ? { range: `bytes=${offset}-` } : {}),
      },
    });
    const start = await startOf(response, offset, part);
    if (start === null) return;
    meter.total = totalOf(response, start);
    meter.received = start;
    meter.add(0);
    if ((meter.total ?? 0) - start > (await freeBytes(dirname(part))))
      throw await noRoom(dirname(part), meter);
    const file = await open(part, start > 0 ? 'r+' : 'w');
    try {
      await append(file, start, response.body, (bytes) => {
        timer.refresh();
        meter.add(bytes);
      });
      await file.sync();
    } finally {
      await file.close();
    }
  } finally {
    clearTimeout(timer);
  }
  if (meter.total !== null && meter.received < meter.total) {
    throw new Error(`the connection ended after ${meter.received} of ${meter.total} bytes`);
  }
}

/** Where in the file the answer begins; null when nothing is missing. @throws when it is no such answer. */
async function startOf(response: Response, offset: number, part: string): Promise<number | null> {
  const range = response.headers.get('content-range');
  if (response.status === 206) {
    const start = Number(/^bytes (\d+)-/.exec(range ?? '')?.[1]);
    if (start === offset) return start;
    await rm(part, { force: true });
    throw new Error(`the server sent bytes from ${range} when asked for those from ${offset}`);
  }
  if (response.status === 200) return 0;
  await response.body?.cancel();
  if (response.status === 416 && offset > 0) {
    if (range === `bytes */${offset}`) return null;
    await rm(part, { force: true });
    throw new Error('the part that was here is longer than the file');
  }
  const text = `the server answered ${response.status} ${response.statusText}`.trim();
  const isPassing = response.status >= 500 || response.status === 429 || response.status === 408;
  throw isPassing ? new Error(text) : new RefusedError(text);
}

function totalOf(response: Response, start: number): number | null {
  const length = response.headers.get('content-length');
  return length === null ? null : start + Number(length);
}

async function append(
  file: FileHandle,
  start: number,
  body: ReadableStream<Uint8Array> | null,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const reader = body?.getReader();
  if (reader === undefined) return;
  for (let position = start; ; ) {
    const { done, value } = await reader.read();
    if (done) return;
    await file.write(value, 0, value.length, position);
    position += value.length;
    onBytes(value.length);
  }
}

async function noRoom(
  folder: string,
  { total, received }: Meter,
  cause?: unknown,
): Promise<DomainError> {
  const missing = total === null ? 'what is missing' : `${total - received} more bytes`;
  return new DomainError('UNAVAILABLE', `The disk has no room for ${missing} in ${folder}.`, {
    fix: `Free some space: ${await freeBytes(folder)} bytes are left there.`,
    cause,
  });
}

function assertNotCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new DomainError('CANCELLED', 'The download was cancelled.', {
    fix: 'Start it again: it resumes where it stopped.',
    cause: signal.reason,
  });
}

/** Node's fetch says "fetch failed" and hides why. */
function describeFailure(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const cause = error.cause instanceof Error ? error.cause.message : '';
  const text = cause === '' ? error.message : cause;
  return new Error(text || error.name, { cause: error });
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0;
}
