/** @file First in a worker thread: loads tsx, which `--import` does not do there, then the thread's own entry. */
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.entry);
