/** @file Progress of a method that has no losses to report. */
import { setImmediate as otherEvents } from 'node:timers/promises';
import type { FitOptions, FitProgress } from './method.ts';

/**
 * Lets other events in, a cancellation among them: the loops around it never wait for anything else.
 * @throws What the signal was raised with.
 */
export async function reportProgress(
  { signal, onProgress }: Pick<FitOptions, 'signal' | 'onProgress'>,
  progress: Omit<FitProgress, 'loss'>,
): Promise<void> {
  signal?.throwIfAborted();
  await onProgress({ ...progress, loss: null });
  await otherEvents();
}
