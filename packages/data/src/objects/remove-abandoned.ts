/** @file Removes what processes that died have left in a folder of unfinished files. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What is given up for dead after so long. */
export const ABANDONED_MS = 24 * 3_600_000;

export async function removeAbandoned(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const found = await stat(join(folder, name)).catch(() => null);
    if (found !== null && Date.now() - found.mtimeMs > ABANDONED_MS)
      await rm(join(folder, name), { recursive: true, force: true });
  }
}
