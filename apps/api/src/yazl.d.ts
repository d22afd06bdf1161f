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
    addFile(realPath: string, metadataPath: string, options?: EntryOptions): void;
    addBuffer(bytes: Buffer, metadataPath: string, options?: EntryOptions): void;
    end(): void;
  }
}
