/** @file Blobs on their way in: read and hashed once, on the store's disk, and no part of the store before they are committed. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectStore } from '../objects/object-store.ts';
import { Room } from '../room.ts';
import { runBounded } from '../run-bounded.ts';
import { blobKey } from './blob-key.ts';
import { sha256Of } from './sha256.ts';
import type { Flushing } from './write-synced.ts';

export interface BlobStaging {
  /**
   * Writes the bytes, which nobody holds any more then, and gives their SHA-256. They may still be on their way to the disk: what goes
   * wrong there is thrown by whatever asks for them next.
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

const AT_A_TIME = 16;
/** Each waits for the disk on a thread of its own, of 48 that a trainer has: decoding goes on beside. What is beyond waits to be written. */
const FLUSHED_AT_A_TIME = 32;

/** @param stored.read Of the store that they go into. */
export function openStaging(
  objects: ObjectStore,
  { read }: { read(sha256: string): Promise<Uint8Array> },
): BlobStaging {
  const own = join(objects.scratch, randomUUID());
  const staged = new Map<string, Promise<Flushing>>();
  const flushing = new Room(FLUSHED_AT_A_TIME);
  /** Those that the store lacked, or had damaged. */
  const written = new Set<string>();
  const placeOf = (sha256: string): string => join(own, sha256);
  let made: Promise<unknown> | undefined;

  async function write(sha256: string, bytes: Uint8Array): Promise<Flushing> {
    if (await objects.holds(blobKey(sha256), bytes)) return { flushed: Promise.resolve() };
    made ??= mkdir(own, { recursive: true });
    await made;
    const leave = await flushing.enter(1);
    try {
      const { flushed } = await objects.prepare(placeOf(sha256), bytes);
      const known = flushed.then(() => void written.add(sha256)).finally(leave);
      // Thrown where it is asked for.
      known.catch(() => {});
      return { flushed: known };
    } catch (error) {
      leave();
      throw error;
    }
  }

  const flushed = async (sha256: string): Promise<void> => (await staged.get(sha256))?.flushed;

  return {
    async add(bytes) {
      const sha256 = sha256Of(bytes);
      const begun = staged.get(sha256) ?? write(sha256, bytes);
      staged.set(sha256, begun);
      await begun;
      return sha256;
    },
    async read(sha256) {
      await flushed(sha256);
      return written.has(sha256) ? readFile(placeOf(sha256)) : read(sha256);
    },
    async commit(hashes) {
      await Promise.all([...staged.keys()].map(flushed));
      const items = [...new Set(hashes)];
      const moved = items.filter((sha256) => written.has(sha256));
      const known = items.filter((sha256) => !written.has(sha256));
      await keep(objects, known);
      await objects.take(moved.map((sha256) => ({ key: blobKey(sha256), path: placeOf(sha256) })));
      for (const sha256 of moved) written.delete(sha256);
    },
    async discard() {
      await Promise.allSettled([...staged.keys()].map(flushed));
      await rm(own, { recursive: true, force: true });
    },
  };
}

async function keep(objects: ObjectStore, hashes: readonly string[]): Promise<void> {
  const run = async (sha256: string): Promise<void> => {
    if (!(await objects.renew(blobKey(sha256))))
      throw new Error(`The image ${sha256} is no longer in the store.`);
  };
  await runBounded({ items: hashes, concurrency: AT_A_TIME, run });
}
