/** @file Keeps the embedded PostgreSQL up: sees that it ended and starts it again where everyone knows it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EmbeddedPostgres } from '@plumbline/db';

export interface PostgresSupervision {
  readonly server: Pick<EmbeddedPostgres, 'isRunning' | 'restart'>;
  log(line: string): void;
  /** It has ended too often in a row; nobody starts it any more. */
  onGiveUp(reason: string): void;
  /** Before the first, second, … start in a row, and how many there are; `RESTART_DELAYS_MS` when absent. */
  readonly delaysMs?: readonly number[];
}

/** In all about four minutes; one that has lived for a minute starts the row anew. */
const RESTART_DELAYS_MS = [0, 0, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000];
const LIVED_MS = 60_000;
/** How often its process is looked at: a few reads of small files. */
const LOOK_MS = 100;

/** @returns Ends the watching; resolves when no start is under way any more. */
export function supervisePostgres(supervision: PostgresSupervision): () => Promise<void> {
  const stopping = new AbortController();
  const watching = watch(supervision, stopping.signal).catch((error: unknown) => {
    if (!stopping.signal.aborted) supervision.onGiveUp(messageOf(error));
  });
  return async () => {
    stopping.abort();
    await watching;
  };
}

async function watch(supervision: PostgresSupervision, signal: AbortSignal): Promise<void> {
  const { server, log, delaysMs = RESTART_DELAYS_MS } = supervision;
  let starts = 0;
  let startedAt = 0;
  let reason = 'it ended';
  for (;;) {
    await sleep(LOOK_MS, undefined, { signal });
    if (await server.isRunning()) continue;
    if (startedAt > 0 && Date.now() - startedAt > LIVED_MS) starts = 0;
    const delay = delaysMs[starts];
    if (delay === undefined) {
      throw new Error(
        `PostgreSQL ended, and ${starts} starts in a row did not keep it up: ${reason}`,
      );
    }
    const after = delay === 0 ? '' : ` in ${delay / 1000} s`;
    log(`PostgreSQL ended; restarting it${after} (start ${starts + 1} of ${delaysMs.length}).`);
    await sleep(delay, undefined, { signal });
    starts += 1;
    try {
      await server.restart();
      startedAt = Date.now();
      log('PostgreSQL answers again.');
    } catch (error) {
      startedAt = 0;
      reason = messageOf(error);
      log(`PostgreSQL was not started: ${reason}`);
    }
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const fix = 'fix' in error && typeof error.fix === 'string' ? ` ${error.fix}` : '';
  return `${error.message}${fix}`;
}
