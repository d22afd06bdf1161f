/** @file Starts a TypeScript file as a worker thread: tsx is loaded into it first. */
import { Worker } from 'node:worker_threads';

/** @param entry File URL of the TypeScript entry. */
export function startTypeScriptThread(entry: URL): Worker {
  return new Worker(new URL('./typescript-thread.mjs', import.meta.url), {
    workerData: { entry: entry.href },
    execArgv: [],
    // What it works on is outside of V8's heap: room for young objects only doubled the memory of a thread, 124 MB for 59.
    resourceLimits: { maxYoungGenerationSizeMb: 4 },
  });
}
