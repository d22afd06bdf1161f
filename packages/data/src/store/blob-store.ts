/** @file A content-addressed store of image bytes: `ab/cdef…`, where `abcdef…` is the SHA-256. */
import { DomainError, sha256Schema } from '@plumbline/contracts';
import type { FileCache } from '../objects/file-cache.ts';
import { openFolderStore } from '../objects/folder-store.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { runBounded } from '../run-bounded.ts';
import { blobKey } from './blob-key.ts';
import { type BlobStaging, openStaging } from './blob-staging.ts';
import { sha256Of } from './sha256.ts';

export interface BlobStore {
  has(sha256: string): Promise<boolean>;
  /** @throws Error when one of them is not there: doing the same again may succeed. */
  assertHas(hashes: readonly string[]): Promise<void>;
  /** Writes the bytes once and gives their SHA-256. */
  put(bytes: Uint8Array): Promise<string>;
  /** @throws DomainError NOT_FOUND; INTERNAL for bytes that are not those that were stored. */
  read(sha256: string): Promise<Uint8Array>;
  /** For blobs that are to come in together or not at all. */
  stage(): Promise<BlobStaging>;
  /**
   * Those that came in, or were last used by an import, before `time` (milliseconds of the epoch), a page at a time. What imports
   * that died a day ago have left half written goes.
   */
  listUnusedSince(time: number): AsyncGenerator<string[]>;
  /** Removes it unless it was used since. */
  removeUnusedSince(sha256: string, time: number): Promise<boolean>;
}

const AT_A_TIME = 16;

export function openFolderBlobStore(root: string): BlobStore {
  return openBlobStore(openFolderStore(root), null);
}

/** @param cache On this machine, for a store that isn't. */
export function openBlobStore(objects: ObjectStore, cache: FileCache | null): BlobStore {
  const isStored = async (sha256: string): Promise<boolean> =>
    (await objects.stat(blobKey(sha256))) !== null;

  async function isUnusedSince(sha256: string, time: number): Promise<boolean> {
    const found = await objects.stat(blobKey(sha256));
    return found !== null && found.usedAt < time;
  }

  async function read(sha256: string): Promise<Uint8Array> {
    const key = blobKey(sha256);
    const kept = await cache?.read(sha256);
    if (kept) return kept;
    const bytes = await objects.get(key);
    if (bytes === null) throw notStored(sha256);
    if (sha256Of(bytes) !== sha256) throw damaged(sha256);
    await cache?.write(sha256, bytes);
    return bytes;
  }

  return {
    has: isStored,
    async assertHas(hashes) {
      const run = async (sha256: string) => {
        if (!(await isStored(sha256))) throw new Error(`The image ${sha256} is not in the store.`);
      };
      await runBounded({ items: hashes, concurrency: AT_A_TIME, run });
    },
    async put(bytes) {
      const sha256 = sha256Of(bytes);
      if (!(await isStored(sha256))) await objects.put(blobKey(sha256), bytes);
      return sha256;
    },
    read,
    async stage() {
      await objects.tidy();
      return openStaging(objects, { read });
    },
    async *listUnusedSince(time) {
      await objects.tidy();
      for await (const page of objects.list('')) {
        yield page.flatMap(({ key, usedAt }) => {
          const sha256 = key.replace('/', '');
          const isBlob = sha256Schema.safeParse(sha256).success && blobKey(sha256) === key;
          return isBlob && usedAt < time ? [sha256] : [];
        });
      }
    },
    async removeUnusedSince(sha256, time) {
      if (!(await isUnusedSince(sha256, time))) return false;
      await objects.remove(blobKey(sha256));
      return true;
    },
  };
}

function notStored(sha256: string): DomainError {
  return new DomainError('NOT_FOUND', `There is no image with the hash ${sha256}.`, {
    fix: 'Import the dataset that holds it again.',
  });
}

function damaged(sha256: string): DomainError {
  return new DomainError('DEFECT', `The stored image ${sha256} is damaged: its bytes changed.`, {
    fix: 'Check the disk, then import the dataset that holds it again under another name: the import replaces damaged images.',
  });
}
