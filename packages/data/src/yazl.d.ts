/** @file The part of yazl that is used here; it comes without types. */
declare module 'yazl' {
  import type { EventEmitter } from 'node:events';
  import type { Readable } from 'node:stream';

  export interface EntryOptions {
    readonly compress?: boolean;
    readonly mtime?: Date;
    readonly mode?: number;
  }

  export class ZipFile extends EventEmitter {
    readonly outputStream: Readable;
    addFile(realPath: string, path: string, options?: EntryOptions): void;
    addBuffer(bytes: Uint8Array, path: string, options?: EntryOptions): void;
    addEmptyDirectory(path: string, options?: EntryOptions): void;
    /** Called once the entry's turn has come. */
    addReadStreamLazy(
      path: string,
      options: EntryOptions,
      open: (give: (error: Error | null, stream: Readable) => void) => void,
    ): void;
    end(): void;
  }
}
