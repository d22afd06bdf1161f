/** @file Removes the checkpoints that nobody will go on from. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@plumbline/contracts';
import type { Database } from '@plumbline/db';

/** How long a run that failed or was cancelled can be resumed where it stopped; later it begins anew. */
export const CHECKPOINT_DAYS = 7;

/**
 * @param folder Checkpoints, each named by its run; parts of files are `<run>.<process>`.
 * @returns Names of the files that were removed.
 */
export async function removeOldCheckpoints(
  database: Pick<Database, 'runs'>,
  folder: string,
  now = Date.now(),
): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const removed: string[] = [];
  for (const name of names) {
    if (await mayBeUsed(database, name.split('.')[0] ?? name, now)) continue;
    await rm(join(folder, name), { force: true });
    removed.push(name);
  }
  return removed;
}

async function mayBeUsed(
  { runs }: Pick<Database, 'runs'>,
  id: string,
  now: number,
): Promise<boolean> {
  try {
    const { status, finishedAt } = await runs.get(id);
    if (status === 'succeeded') return false;
    return finishedAt === null || now - Date.parse(finishedAt) < CHECKPOINT_DAYS * 86_400_000;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'NOT_FOUND') return false;
    throw error;
  }
}
