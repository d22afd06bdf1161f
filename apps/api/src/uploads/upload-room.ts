/** @file Room on the disk for uploads: what each declared and has not sent yet is taken, whoever asks next. */
import { readdir } from 'node:fs/promises';
import { DomainError } from '@plumbline/contracts';
import { freeBytes } from '@plumbline/data';
import type { FileStore } from '@tus/file-store';

/** For the database, logs and what an import stores meanwhile. */
const KEPT_FREE_BYTES = 512 * 1024 ** 2;

export class UploadRoom {
  readonly #directory: string;
  readonly #files: FileStore;
  /** Declared bytes of uploads that are about to be known to the store. */
  readonly #declared = new Map<string, number>();
  /** One after the other, so that two don't count on the same room. */
  #last: Promise<void> = Promise.resolve();

  constructor(directory: string, files: FileStore) {
    this.#directory = directory;
    this.#files = files;
  }

  /** @throws DomainError TOO_LARGE when the disk has no room beside what others have declared */
  reserve(id: string, bytes: number): Promise<void> {
    const reserved = this.#last.then(() => this.#reserve(id, bytes));
    this.#last = reserved.catch(() => undefined);
    return reserved;
  }

  async #reserve(id: string, bytes: number): Promise<void> {
    const taken = await this.#outstanding();
    const free = Math.max(0, (await freeBytes(this.#directory)) - taken - KEPT_FREE_BYTES);
    if (bytes > free) {
      throw new DomainError('TOO_LARGE', `The disk has no room for ${bytes} bytes.`, {
        fix: `Free some space: ${free} bytes are left${taken > 0 ? ` beside ${taken} that other uploads have yet to send` : ''}.`,
      });
    }
    this.#declared.set(id, bytes);
  }

  /** Bytes that have been declared and are not here yet. */
  async #outstanding(): Promise<number> {
    let bytes = 0;
    for (const name of await readdir(this.#directory)) {
      if (!name.endsWith('.json')) continue;
      const id = name.slice(0, -'.json'.length);
      const upload = await this.#files.getUpload(id).catch(() => null);
      if (upload === null) continue;
      this.#declared.delete(id);
      bytes += Math.max(0, (upload.size ?? 0) - upload.offset);
    }
    return [...this.#declared.values()].reduce((sum, own) => sum + own, bytes);
  }
}
