/** @file A content-addressed store of image bytes in a folder: `<root>/ab/cdef…`, where `abcdef…` is the SHA-256. */
import { access, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DomainError, sha256Schema } from '@plumbline/contracts';
import { runBounded } from '../run-bounded.ts';
import { type BlobStaging, openStaging, removeAbandoned } from './blob-staging.ts';
import { isMissing } from './is-missing.ts';
import { sha256Of } from './sha256.ts';
import { openUnused, type UnusedBlobs } from './unused-blobs.ts';
import { writeWhole } from './write-whole.ts';

export interface BlobStore extends UnusedBlobs {
  has(sha256: string): Promise<boolean>;
  /** @throws Error when one of them is not there: doing the same again may succeed. */
  assertHas(hashes: readonly string[]): Promise<void>;
  /** Writes the bytes once and gives their SHA-256. */
  put(bytes: Uint8Array): Promise<string>;
  /** @throws DomainError NOT_FOUND; INTERNAL for bytes that are not those that were stored. */
  read(sha256: string): Promise<Uint8Array>;
  /** For blobs that are to come in together or not at all. */
  stage(): Promise<BlobStaging>;
  /** Absolute path of a blob, whether or not it exists. */
  path(sha256: string): string;
}

const AT_A_TIME = 16;

export function openFolderBlobStore(root: string): BlobStore {
  const absoluteRoot = resolve(root);

  function path(sha256: string): string {
    // The hash becomes a path, so nothing but 64 hexadecimal digits may pass.
    if (!sha256Schema.safeParse(sha256).success) {
      throw new DomainError('INVALID_INPUT', `"${sha256}" is not a SHA-256 hash.`, {
        fix: 'Give the 64 lowercase hexadecimal digits of an image hash.',
        field: 'sha256',
      });
    }
    return join(absoluteRoot, sha256.slice(0, 2), sha256.slice(2));
  }

  async function has(sha256: string): Promise<boolean> {
    return access(path(sha256)).then(
      () => true,
      () => false,
    );
  }

  async function assertHas(hashes: readonly string[]): Promise<void> {
    const run = async (sha256: string) => {
      if (!(await has(sha256))) throw new Error(`The image ${sha256} is not in the store.`);
    };
    await runBounded({ items: hashes, concurrency: AT_A_TIME, run });
  }

  async function put(bytes: Uint8Array): Promise<string> {
    const sha256 = sha256Of(bytes);
    if (!(await has(sha256))) await writeWhole(path(sha256), bytes, { isDurable: true });
    return sha256;
  }

  async function read(sha256: string): Promise<Uint8Array> {
    const bytes = await readFile(path(sha256)).catch((cause: unknown) => {
      if (!isMissing(cause)) throw cause;
      throw new DomainError('NOT_FOUND', `There is no image with the hash ${sha256}.`, {
        fix: 'Import the dataset that holds it again.',
        cause,
      });
    });
    if (sha256Of(bytes) === sha256) return bytes;
    throw new DomainError('INTERNAL', `The stored image ${sha256} is damaged: its bytes changed.`, {
      fix: 'Check the disk, then import the dataset that holds it again under another name: the import replaces damaged images.',
    });
  }

  async function stage(): Promise<BlobStaging> {
    const folder = join(absoluteRoot, 'staging');
    await removeAbandoned(folder);
    return openStaging(folder, { root: absoluteRoot, read, path });
  }

  return { has, assertHas, put, read, stage, path, ...openUnused(absoluteRoot, path) };
}
