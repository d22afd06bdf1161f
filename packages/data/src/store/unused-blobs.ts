/** @file Blobs by when an import last used them: what a sweep looks through. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Schema } from '@plumbline/contracts';

export interface UnusedBlobs {
  /** Those that came in, or were last used by an import, before `time` (milliseconds of the epoch), a folder at a time. */
  listUnusedSince(time: number): AsyncGenerator<string[]>;
  /** Removes it unless it was used since. */
  removeUnusedSince(sha256: string, time: number): Promise<boolean>;
}

/** @param root Folder of the store. @param pathOf Of a blob. */
export function openUnused(root: string, pathOf: (sha256: string) => string): UnusedBlobs {
  async function isUnusedSince(sha256: string, time: number): Promise<boolean> {
    const found = await stat(pathOf(sha256)).catch(() => null);
    return found !== null && found.mtimeMs < time;
  }

  return {
    async *listUnusedSince(time) {
      for (const folder of await readdir(root).catch(() => [])) {
        if (!/^[0-9a-f]{2}$/.test(folder)) continue;
        const unused: string[] = [];
        for (const rest of await readdir(join(root, folder)).catch(() => [])) {
          const sha256 = `${folder}${rest}`;
          if (sha256Schema.safeParse(sha256).success && (await isUnusedSince(sha256, time)))
            unused.push(sha256);
        }
        yield unused;
      }
    },
    async removeUnusedSince(sha256, time) {
      if (!(await isUnusedSince(sha256, time))) return false;
      await rm(pathOf(sha256), { force: true });
      return true;
    },
  };
}
