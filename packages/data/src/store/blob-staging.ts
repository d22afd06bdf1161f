/** @file Blobs on their way in: read and hashed once, on the store's disk, and no part of the store before they are committed. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isMissing } from './is-missing.ts';
import { sha256Of } from './sha256.ts';
import { syncFolder, writeWhole } from './write-whole.ts';

export interface BlobStaging {
  /** Keeps the bytes and gives their SHA-256. */
  add(bytes: Uint8Array): Promise<string>;
  /** What was added. */
  read(sha256: string): Promise<Uint8Array>;
  /**
   * Moves these into the store. One that fails leaves what it has moved: another import may count on it by now, and what
   * nobody refers to goes with the next sweep.
   */
  commit(hashes: Iterable<string>): Promise<void>;
  /** Forgets what was not committed. */
  discard(): Promise<void>;
}

/** The store that they go into. */
interface Committed {
  /** Folder of the store. */
  readonly root: string;
  path(sha256: string): string;
  read(sha256: string): Promise<Uint8Array>;
}

/** An import that writes nothing for so long has died. */
const ABANDONED_MS = 24 * 3_600_000;

/** @param folder On the disk of the store. */
export function openStaging(folder: string, { root, path, read }: Committed): BlobStaging {
  const own = join(folder, randomUUID());
  const staged = new Map<string, Promise<void>>();
  /** Those that the store lacked, or had damaged. */
  const written = new Set<string>();
  const placeOf = (sha256: string): string => join(own, sha256);

  async function write(sha256: string, bytes: Uint8Array): Promise<void> {
    if (await hasWhole(path(sha256), bytes)) return;
    await mkdir(own, { recursive: true });
    await writeWhole(placeOf(sha256), bytes);
    written.add(sha256);
  }

  /** @returns the folder that it is in now. */
  async function moveIn(sha256: string): Promise<string> {
    const target = path(sha256);
    await mkdir(dirname(target), { recursive: true });
    await rename(placeOf(sha256), target);
    return dirname(target);
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
      return written.has(sha256) ? readFile(placeOf(sha256)) : read(sha256);
    },
    async commit(hashes) {
      const folders = new Set<string>();
      for (const sha256 of new Set(hashes)) {
        if (written.delete(sha256)) folders.add(await moveIn(sha256));
        else if (!(await renew(path(sha256))))
          throw new Error(`The image ${sha256} is no longer in the store.`);
      }
      for (const moved of folders) await syncFolder(moved);
      if (folders.size > 0) await syncFolder(root);
    },
    async discard() {
      await rm(own, { recursive: true, force: true });
    },
  };
}

/** Whether the store has these very bytes; it keeps them for a while longer then. */
async function hasWhole(path: string, bytes: Uint8Array): Promise<boolean> {
  return (await renew(path)) && Buffer.compare(await readFile(path), bytes) === 0;
}

/** A sweep leaves what was in use a while ago. */
async function renew(path: string): Promise<boolean> {
  const now = new Date();
  return utimes(path, now, now).then(
    () => true,
    (error: unknown) => {
      if (isMissing(error)) return false;
      throw error;
    },
  );
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
