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

/** Of a byte of the pipe: the child's main thread has had a turn since the byte before. */
const AFTER_TURN = '+'.charCodeAt(0);

interface HeartbeatLimits {
  /** How long a child may give no sign of life. */
  readonly silenceMs: number;
  /** The same before the first one. Default: `silenceMs`. */
  readonly firstMs?: number;
  /** How long it may compute without its main thread having a turn. Default: as long as it likes. */
  readonly stuckMs?: number;
}

/** `silent`: it is stopped or frozen. `stuck`: it runs, but whatever its main thread has begun does not end. */
export type Lifelessness = 'silent' | 'stuck';

/**
 * Calls `onLifeless` once when a child has reached a limit. Silence is measured in ticks of a timer that saw no beat between them,
 * so that time in which this process was itself held up does not count; being stuck in beats, so that neither does time in which the child was.
 */
export function watchHeartbeat(
  child: ChildProcess,
  { silenceMs, firstMs = silenceMs, stuckMs = Number.POSITIVE_INFINITY }: HeartbeatLimits,
  onLifeless: (how: Lifelessness) => void,
): void {
  let silent = 0;
  let limit = ticksIn(firstMs);
  let withoutTurn = 0;
  const end = (how: Lifelessness) => {
    clearInterval(timer);
    beats?.off('data', hear);
    onLifeless(how);
  };
  const hear = (bytes: Buffer) => {
    silent = 0;
    limit = ticksIn(silenceMs);
    const last = bytes.lastIndexOf(AFTER_TURN);
    withoutTurn = last === -1 ? withoutTurn + bytes.length : bytes.length - 1 - last;
    if (withoutTurn * BEAT_MS >= stuckMs) end('stuck');
  };
  const timer = setInterval(() => {
    silent += 1;
    if (silent >= limit) end('silent');
  }, BEAT_MS).unref();
  // A child that could not be started has no pipes.
  const beats = child.stdio?.[HEARTBEAT_FD];
  beats?.on('data', hear);
  child.once('exit', () => clearInterval(timer));
  child.once('error', () => clearInterval(timer));
}

function ticksIn(milliseconds: number): number {
  return Math.max(2, Math.ceil(milliseconds / BEAT_MS));
}
