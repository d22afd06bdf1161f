/** @file Gives the memory of pixels back at once. */
import { MessageChannel } from 'node:worker_threads';
import { ownsMemory } from './owns-memory.ts';

/** Less is left to the garbage collector. */
const LARGE_BYTES = 2 ** 18;

const { port1: nowhere, port2: closed } = new MessageChannel();
closed.close();

/**
 * What goes to a closed port is freed. Left to V8, the pixels of a few large images make it look through the whole heap, again and again:
 * with 1,600 × 1,200 among others that was a tenth of a core.
 *
 * @param pixels Nobody may look at them afterwards: they have no bytes any more.
 */
export function releaseMemory(pixels: Uint8Array): void {
  if (pixels.byteLength < LARGE_BYTES || !ownsMemory(pixels)) return;
  nowhere.postMessage(null, [pixels.buffer]);
}
