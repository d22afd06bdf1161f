/** @file Runs a task per item, a few at a time, until one fails or the signal aborts. */
import { DomainError } from '@plumbline/contracts';

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new DomainError('CANCELLED', 'The import was cancelled.', { fix: 'Start it again.' });
  }
}

export interface BoundedOptions<Item, Result> {
  readonly items: readonly Item[];
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
  run(item: Item): Promise<Result>;
}

/** @returns Results in the order of the items; rejects with the first failure once running tasks have ended. */
export async function runBounded<Item, Result>(
  options: BoundedOptions<Item, Result>,
): Promise<Result[]> {
  const { items, concurrency, signal, run } = options;
  const results: Result[] = [];
  const queue = items.entries();
  let failed = false;

  async function drain(): Promise<void> {
    for (const [index, item] of queue) {
      if (failed) return;
      try {
        throwIfCancelled(signal);
        results[index] = await run(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  }

  const outcomes = await Promise.allSettled(Array.from({ length: concurrency }, drain));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  throwIfCancelled(signal);
  return results;
}
