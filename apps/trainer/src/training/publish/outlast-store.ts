/** @file Waits for a store elsewhere that is away: what is to be stored was hours of work. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isStoreAway } from '@plumbline/contracts';
import type { Patience } from '@plumbline/db';

const PAUSE_MS = 2_000;

/** Does it again for as long as the store is away. @throws What it threw last, when it is away for longer or the signal is raised */
export async function outlastStore<Result>(
  work: () => Promise<Result>,
  { limitMs, signal }: Patience,
): Promise<Result> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isStoreAway(error) || Date.now() > deadline || signal?.aborted) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
