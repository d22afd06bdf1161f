/** @file Blobs on their way in: read and hashed once, on the store's disk, and no part of the store before they are committed. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256Of } from './sha256.ts';
import { writeWhole } from './write-whole.ts';

export interface BlobStaging {
  /** Keeps the bytes and gives their SHA-256. */
  add(bytes: Uint8Array): Promise<string>;
  /** What was added. */
  read(sha256: string): Promise<Uint8Array>;
  /** Moves these into the store, all or none of those that it lacks. */
  commit(hashes: Iterable<string>): Promise<void>;
  /** Forgets what was not committed. */
  discard(): Promise<void>;
}

/** The store that they go into. */
interface Committed {
  has(sha256: string): Promise<boolean>;
  path(sha256: string): string;
  read(sha256: string): Promise<Uint8Array>;
}

/** An import that writes nothing for so long has died. */
const ABANDONED_MS = 24 * 3_600_000;

/** @param folder On the disk of the store. */
export function openStaging(folder: string, { has, path, read }: Committed): BlobStaging {
  const own = join(folder, randomUUID());
  const staged = new Map<string, Promise<void>>();
  const placeOf = (sha256: string): string => join(own, sha256);

  async function write(sha256: string, bytes: Uint8Array): Promise<void> {
    if (await has(sha256)) return;
    await mkdir(own, { recursive: true });
    await writeWhole(placeOf(sha256), bytes);
  }

  async function moveIn(sha256: string): Promise<void> {
    await mkdir(dirname(path(sha256)), { recursive: true });
    await rename(placeOf(sha256), path(sha256));
  }

  return {
    async add(bytes) {
      const sha256 = sha256Of(bytes);
      let writing = staged.get(sha256);
      if (writing === undefined) {
        writing = write(sha256, bytes);
        staged.set(sha256, writing);
      }
      await writing;
      return sha256;
    },
    async read(sha256) {
      return (await has(sha256)) ? read(sha256) : readFile(placeOf(sha256));
    },
    async commit(hashes) {
      const moved: string[] = [];
      try {
        for (const sha256 of new Set(hashes)) {
          if (await has(sha256)) continue;
          await moveIn(sha256);
          moved.push(sha256);
        }
      } catch (error) {
        await Promise.all(moved.map((sha256) => rm(path(sha256), { force: true })));
        throw error;
      }
    },
    async discard() {
      await rm(own, { recursive: true, force: true });
    },
  };
}

/** Removes what processes that died have left. */
export async function removeAbandoned(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const found = await stat(join(folder, name)).catch(() => null);
    if (found !== null && Date.now() - found.mtimeMs > ABANDONED_MS)
      await rm(join(folder, name), { recursive: true, force: true });
  }
}
