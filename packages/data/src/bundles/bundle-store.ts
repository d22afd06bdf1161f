/**
 * @file The bundles of model versions, in a folder of this machine or in a bucket. What makes a bundle a version is the row that
 * names it, which comes after all of its files; one that no row names goes with a sweep.
 */
import type { OpenedObject } from '../objects/object-store.ts';

/** As the manifest names it. */
export interface BundleFileFacts {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** Where a version's files are, and what they are. */
export interface StoredBundle {
  readonly directory: string;
  /** Without the manifest, which can't name its own hash. */
  readonly files: readonly BundleFileFacts[];
}

export interface BundleFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The files of one version. */
export interface Bundle {
  /** Null when there is none. @throws DomainError DEFECT when its bytes changed in a bucket */
  read(name: string): Promise<Uint8Array | null>;
  /** For what is sent on; the stream fails when the bytes changed in a bucket. Null when there is none. */
  open(name: string): Promise<OpenedObject | null>;
  /**
   * A file on this machine with these bytes, for what needs one: where it is, or a copy that stays for ten minutes.
   * @throws DomainError UNAVAILABLE when there is none, or no room for a copy; DEFECT when its bytes changed in a bucket
   */
  path(name: string): Promise<string>;
  /** Copies on this machine stay for ten more minutes, whatever else needs the room. */
  keep(): Promise<void>;
}

export interface BundleStore {
  /** For messages: a folder, or `s3://bucket/prefix`. */
  readonly name: string;
  at(bundle: StoredBundle): Bundle;
  /** All files outlast a power failure once this returns, the last one written last. One that fails leaves nothing, or what a sweep finds. */
  write(directory: string, files: readonly BundleFile[]): Promise<void>;
  /** Names of bundles that begin so, half written ones among them. */
  list(prefix: string): Promise<string[]>;
  remove(directory: string): Promise<void>;
}
