/** @file Waits for a store elsewhere that is away: what is to be stored was hours of work. */
import { isStoreAway } from '@plumbline/contracts';
import { outlast, type Patience } from '@plumbline/db';

const PAUSE_MS = 2_000;

/** @throws What it threw last, when the store is away for longer or the signal is raised */
export function outlastStore<Result>(
  work: () => Promise<Result>,
  patience: Patience,
): Promise<Result> {
  return outlast(work, { ...patience, isAway: isStoreAway, pauseMs: PAUSE_MS });
}
