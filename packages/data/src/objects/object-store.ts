/**
 * @file What replicas of a platform share, behind one small interface that a folder and an S3 bucket keep alike. It gives no
 * paths: what needs a file makes one of the bytes.
 */
import type { Readable } from 'node:stream';
import { DomainError } from '@plumbline/contracts';
import type { Flushing } from '../store/write-synced.ts';

export interface ObjectFacts {
  readonly bytes: number;
  /** When it was written or last renewed, milliseconds of the epoch by the store's clock. */
  readonly usedAt: number;
}

export interface ListedObject extends ObjectFacts {
  readonly key: string;
}

export interface OpenedObject {
  readonly bytes: number;
  readonly stream: Readable;
}

/** A file on this machine that is to become an object; `prepare` has written it. */
export interface LocalFile {
  readonly key: string;
  readonly path: string;
}

export interface ObjectStore {
  /** For messages: a folder, or `s3://bucket/prefix`. */
  readonly name: string;
  /** Folder on this machine where files for `take` are best made. */
  readonly scratch: string;
  /**
   * A reader sees all of the bytes, or what was there before; they outlast a power failure once this returns.
   * @param parts One after the other.
   */
  put(key: string, ...parts: readonly Uint8Array[]): Promise<void>;
  /** Writes a file for `take`, which needs it flushed. @param path In `scratch`, in a folder that is there */
  prepare(path: string, bytes: Uint8Array): Promise<Flushing>;
  /** As `put` of each. One that fails leaves what it has taken. The files may be gone afterwards. */
  take(files: readonly LocalFile[]): Promise<void>;
  /** Null when there is none. */
  get(key: string): Promise<Uint8Array | null>;
  /** For what is sent on. Null when there is none. */
  open(key: string): Promise<OpenedObject | null>;
  stat(key: string): Promise<ObjectFacts | null>;
  /** Whether these very bytes are there; they count as used now then. */
  holds(key: string, bytes: Uint8Array): Promise<boolean>;
  /** It counts as used now; false when there is none. */
  renew(key: string): Promise<boolean>;
  /** Those whose keys begin so, a page at a time. */
  list(prefix: string): AsyncGenerator<readonly ListedObject[]>;
  /** Nothing happens when there is none. */
  remove(key: string): Promise<void>;
  /** Removes what processes that died a day ago have left half written. */
  tidy(): Promise<void>;
}

const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

/** A key becomes a path or an address: nothing that leaves the store may pass. @throws DomainError INVALID_INPUT */
export function requireKey(key: string): string {
  if (KEY.test(key)) return key;
  throw new DomainError('INVALID_INPUT', `"${key}" is no name of a stored file.`, {
    fix: 'Use letters, digits, dots, hyphens and underscores.',
  });
}
