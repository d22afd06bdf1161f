/** @file What an import reads: a list of files with `read`, the same for a folder and for a .zip archive. */

export interface SourceFile {
  /** Relative to the source, with forward slashes. */
  readonly path: string;
  readonly bytes: number;
}

export interface SourceFiles {
  /** Name of the folder, or of the archive without `.zip`. */
  readonly name: string;
  /** Sorted by path. */
  readonly files: readonly SourceFile[];
  readonly directories: readonly string[];
  /**
   * @param maxBytes 1 GB when absent
   * @throws DomainError INVALID_INPUT for a larger file, before any of it is read
   */
  read(path: string, maxBytes?: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A folder or archive, before its name is known and its files are limited. */
export type OpenedSource = Omit<SourceFiles, 'name' | 'read'> & {
  read(path: string): Promise<Uint8Array>;
};
