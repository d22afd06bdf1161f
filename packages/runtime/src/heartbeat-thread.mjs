/**
 * @file Loaded first in a child process (`--import`): a thread says all the time that the process runs, one byte a beat
 * into a pipe. The main thread can't, since a graph that is being computed holds it.
 */
import { writeSync } from 'node:fs';
import { isMainThread, Worker } from 'node:worker_threads';

/** As in `heartbeat.ts`. */
const HEARTBEAT_FD = 4;
const BEAT_MS = 250;
const BEAT = Buffer.from('.');

if (isMainThread) {
  // Without `--import`, or the thread would start a thread.
  new Worker(new URL(import.meta.url), { execArgv: [] }).unref();
} else {
  const timer = setInterval(() => {
    try {
      writeSync(HEARTBEAT_FD, BEAT);
    } catch {
      // The parent is gone, and this process ends for that reason elsewhere.
      clearInterval(timer);
    }
  }, BEAT_MS);
}
