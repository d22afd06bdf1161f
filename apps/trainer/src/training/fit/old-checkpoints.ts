/** @file Removes the checkpoints that nobody will go on from. */
import type { ObjectStore } from '@plumbline/data';
import type { Database } from '@plumbline/db';
import { runOfName } from '../attempt-name.ts';

export interface OldCheckpoints {
  /** Checkpoints, each named by its run and attempt. */
  readonly store: ObjectStore;
  /** How long a run that failed or was cancelled can be resumed where it stopped; later it begins anew. */
  readonly keptDays: number;
}

/** Those of runs that were published, that nobody knows, or that ended too long ago. @returns Names of removed ones. */
export async function removeOldCheckpoints(
  { runs }: Pick<Database, 'runs'>,
  { store, keptDays }: OldCheckpoints,
): Promise<string[]> {
  const names: string[] = [];
  for await (const page of store.list('')) names.push(...page.map(({ key }) => key));
  const resumable = new Set(await runs.resumable(names.map(runOfName), keptDays));
  const removed = names.filter((name) => !resumable.has(runOfName(name)));
  for (const name of removed) await store.remove(name);
  await store.tidy();
  return removed;
}
