/**
 * @file Whether a child process runs at all, however long it computes: a thread of its own beats into a pipe
 * (`heartbeat-thread.mjs`), and a child that has fallen silent is known to be stopped or frozen.
 */
import type { ChildProcess, ForkOptions } from 'node:child_process';

/** The pipe, after standard input, output, error and the IPC channel. */
const HEARTBEAT_FD = 4;
const BEAT_MS = 250;
/** A process that is being started may take this long to its first beat. */
export const BOOT_MS = 10_000;

/** For `fork`: a child with a heartbeat. */
export const HEARTBEAT_FORK = {
  stdio: ['ignore', 'inherit', 'inherit', 'ipc', 'pipe'],
  execArgv: ['--import', new URL('./heartbeat-thread.mjs', import.meta.url).href],
} satisfies ForkOptions;

/**
 * Calls `onSilence` once when the child has been silent for so long, or for `firstMs` before the first beat. Silence is measured in ticks of a timer that saw no
 * beat between them, so that time in which this process was itself held up does not count.
 */
export function watchHeartbeat(
  child: ChildProcess,
  { silenceMs, firstMs = silenceMs }: { silenceMs: number; firstMs?: number },
  onSilence: () => void,
): void {
  let silent = 0;
  let limit = ticksIn(firstMs);
  const timer = setInterval(() => {
    silent += 1;
    if (silent < limit) return;
    clearInterval(timer);
    onSilence();
  }, BEAT_MS).unref();
  // A child that could not be started has no pipes.
  child.stdio?.[HEARTBEAT_FD]?.on('data', () => {
    silent = 0;
    limit = ticksIn(silenceMs);
  });
  child.once('exit', () => clearInterval(timer));
  child.once('error', () => clearInterval(timer));
}

function ticksIn(milliseconds: number): number {
  return Math.max(2, Math.ceil(milliseconds / BEAT_MS));
}
