/** @file A content-addressed store of image bytes in a folder: `<root>/ab/cdef…`, where `abcdef…` is the SHA-256. */
import { access, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DomainError, sha256Schema } from '@plumbline/contracts';
import { type BlobStaging, openStaging, removeAbandoned } from './blob-staging.ts';
import { sha256Of } from './sha256.ts';
import { writeWhole } from './write-whole.ts';

export interface BlobStore {
  has(sha256: string): Promise<boolean>;
  /** Writes the bytes once and gives their SHA-256. */
  put(bytes: Uint8Array): Promise<string>;
  read(sha256: string): Promise<Uint8Array>;
  /** For blobs that are to come in together or not at all. */
  stage(): Promise<BlobStaging>;
  /** Absolute path of a blob, whether or not it exists. */
  path(sha256: string): string;
}

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

  async function put(bytes: Uint8Array): Promise<string> {
    const sha256 = sha256Of(bytes);
    if (!(await has(sha256))) await writeWhole(path(sha256), bytes);
    return sha256;
  }

  async function read(sha256: string): Promise<Uint8Array> {
    try {
      return await readFile(path(sha256));
    } catch (cause) {
      if (!isMissing(cause)) throw cause;
      throw new DomainError('NOT_FOUND', `There is no image with the hash ${sha256}.`, {
        fix: 'Import the dataset that holds it again.',
        cause,
      });
    }
  }

  async function stage(): Promise<BlobStaging> {
    const folder = join(absoluteRoot, 'staging');
    await removeAbandoned(folder);
    return openStaging(folder, { has, read, path });
  }

  return { has, put, read, stage, path };
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
