/**
 * @file Loaded first in a child process (`--import`): a thread says all the time that the process runs, one byte a beat
 * into a pipe. The main thread can't, since a graph that is being computed holds it; the byte says whether it has had a turn.
 */
import { writeSync } from 'node:fs';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

/** As in `heartbeat.ts`. */
const HEARTBEAT_FD = 4;
const BEAT_MS = 250;
const BEAT = Buffer.from('.');
const BEAT_AFTER_TURN = Buffer.from('+');
const TURN_MS = 1_000;

if (isMainThread) {
  const turns = new Int32Array(new SharedArrayBuffer(4));
  setInterval(() => Atomics.add(turns, 0, 1), TURN_MS).unref();
  // Without `--import`, or the thread would start a thread.
  new Worker(new URL(import.meta.url), { execArgv: [], workerData: { turns } }).unref();
} else {
  const { turns } = workerData;
  let seen = 0;
  const timer = setInterval(() => {
    const now = Atomics.load(turns, 0);
    try {
      writeSync(HEARTBEAT_FD, now === seen ? BEAT : BEAT_AFTER_TURN);
      seen = now;
    } catch {
      // The parent is gone, and this process ends for that reason elsewhere.
      clearInterval(timer);
    }
  }, BEAT_MS);
}
