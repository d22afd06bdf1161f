/** @file The part of yazl's interface that tests use; the package has no types of its own. */
declare module 'yazl' {
  interface EntryOptions {
    readonly mtime?: Date;
    readonly mode?: number;
    readonly compress?: boolean;
  }
  export class ZipFile {
    readonly outputStream: NodeJS.ReadableStream;
    addBuffer(bytes: Uint8Array, path: string, options?: EntryOptions): void;
    addEmptyDirectory(path: string, options?: EntryOptions): void;
    end(): void;
  }
}
