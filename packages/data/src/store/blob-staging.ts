/** @file Blobs on their way in: read and hashed once, on the store's disk, and no part of the store before they are committed. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runBounded } from '../run-bounded.ts';
import { isMissing } from './is-missing.ts';
import { sha256Of } from './sha256.ts';
import { syncFile, syncFolder } from './write-whole.ts';

export interface BlobStaging {
  /**
   * Keeps the bytes and gives their SHA-256. They may still be on their way to the disk then: what goes wrong there is
   * thrown by whatever is called next.
   */
  add(bytes: Uint8Array): Promise<string>;
  /** What was added. */
  read(sha256: string): Promise<Uint8Array>;
  /**
   * Moves these into the store once they are on the disk. One that fails leaves what it has moved: another import may count on it by now, and what
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
/** Bytes that may be on their way to the disk before the next ones wait. */
const WAITING_BYTES = 32e6;
/** A disk flushes many files at once in little more time than one. */
const AT_A_TIME = 16;

/** @param folder On the disk of the store. */
export function openStaging(folder: string, { root, path, read }: Committed): BlobStaging {
  const own = join(folder, randomUUID());
  const staged = new Map<string, Promise<void>>();
  const onTheWay = boundedWrites(WAITING_BYTES);
  /** Those that the store lacked, or had damaged. */
  const written = new Set<string>();
  const placeOf = (sha256: string): string => join(own, sha256);
  let made: Promise<unknown> | undefined;

  async function write(sha256: string, bytes: Uint8Array): Promise<void> {
    if (await hasWhole(path(sha256), bytes)) return;
    made ??= mkdir(own, { recursive: true });
    await made;
    await writeFile(placeOf(sha256), bytes);
    written.add(sha256);
  }

  async function moveIn(sha256: string): Promise<void> {
    const target = path(sha256);
    await mkdir(dirname(target), { recursive: true });
    await rename(placeOf(sha256), target);
    written.delete(sha256);
  }

  async function keep(sha256: string): Promise<void> {
    if (!(await renew(path(sha256))))
      throw new Error(`The image ${sha256} is no longer in the store.`);
  }

  return {
    async add(bytes) {
      const sha256 = sha256Of(bytes);
      if (!staged.has(sha256)) {
        const whole = write(sha256, bytes);
        staged.set(sha256, whole);
        onTheWay.add(whole, bytes.length);
      }
      await onTheWay.room();
      return sha256;
    },
    async read(sha256) {
      await staged.get(sha256);
      return written.has(sha256) ? readFile(placeOf(sha256)) : read(sha256);
    },
    async commit(hashes) {
      await Promise.all(staged.values());
      const items = [...new Set(hashes)];
      const moved = items.filter((sha256) => written.has(sha256));
      const known = items.filter((sha256) => !written.has(sha256));
      const concurrency = AT_A_TIME;
      await runBounded({ items: known, concurrency, run: keep });
      await runBounded({ items: moved, concurrency, run: (one) => syncFile(placeOf(one)) });
      await runBounded({ items: moved, concurrency, run: moveIn });
      const folders = [...new Set(moved.map((sha256) => dirname(path(sha256))))];
      await runBounded({ items: folders, concurrency, run: syncFolder });
      if (moved.length > 0) await syncFolder(root);
    },
    async discard() {
      await onTheWay.settled();
      await rm(own, { recursive: true, force: true });
    },
  };
}

/** Counts the bytes of writes that go on, whatever becomes of them. */
function boundedWrites(mostBytes: number) {
  const writes = new Set<Promise<void>>();
  let waiting = 0;
  return {
    add(write: Promise<void>, bytes: number): void {
      waiting += bytes;
      const ended = (): void => {
        waiting -= bytes;
        writes.delete(settled);
      };
      const settled = write.then(ended, ended);
      writes.add(settled);
    },
    async room(): Promise<void> {
      while (waiting > mostBytes) await Promise.race(writes);
    },
    async settled(): Promise<void> {
      await Promise.all(writes);
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
