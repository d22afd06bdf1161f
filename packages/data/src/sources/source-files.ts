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
  read(path: string): Promise<Uint8Array>;
  close(): Promise<void>;
}
