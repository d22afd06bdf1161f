/** @file Removes the checkpoints that nobody will go on from. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '@plumbline/db';
import { runOfName } from '../attempt-name.ts';

export interface OldCheckpoints {
  /** Checkpoints, each named by its run and attempt. */
  readonly folder: string;
  /** How long a run that failed or was cancelled can be resumed where it stopped; later it begins anew. */
  readonly keptDays: number;
}

/** Those of runs that were published, that nobody knows, or that ended too long ago. @returns Names of removed files. */
export async function removeOldCheckpoints(
  { runs }: Pick<Database, 'runs'>,
  { folder, keptDays }: OldCheckpoints,
): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const resumable = new Set(await runs.resumable(names.map(runOfName), keptDays));
  const removed = names.filter((name) => !resumable.has(runOfName(name)));
  for (const name of removed) await rm(join(folder, name), { force: true });
  return removed;
}
