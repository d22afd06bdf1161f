/**
 * @file Copies of what is in a store elsewhere, on this machine, by the SHA-256 of their bytes. Processes share the folder. It is
 * bounded: what was not used for the longest time goes first. What can't be read, or isn't what it should be, is fetched anew.
 * The time of a file says when it was used; one in the future, until when it is needed: nobody removes it before.
 */
import { randomUUID } from 'node:crypto';
import {
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DomainError, isNoRoom } from '@plumbline/contracts';
import { sha256OfFile } from '../backbones/sha256-of-file.ts';
import { isMissing } from '../store/is-missing.ts';
import { sha256Of } from '../store/sha256.ts';
import { noRoomError } from '../store/write-synced.ts';
import { checkedBytes, type ExpectedBytes } from './checked-bytes.ts';
import { openFile } from './folder-files.ts';
import type { OpenedObject } from './object-store.ts';
import { removeAbandoned } from './remove-abandoned.ts';

export interface WantedFile extends ExpectedBytes {
  /** Where it comes from; null when it is not there. */
  fetch(): Promise<OpenedObject | null>;
}

export interface FileCache {
  /** Null when it isn't kept. */
  read(sha256: string): Promise<Uint8Array | null>;
  write(sha256: string, bytes: Uint8Array): Promise<void>;
  /** Null when it isn't kept. */
  open(sha256: string): Promise<OpenedObject | null>;
  /**
   * A file with these bytes, which stays for `KEPT_MS`. Whoever asks at the same time waits for one fetch.
   * @throws DomainError UNAVAILABLE when it is not there, or there is no room; DEFECT when it has other bytes
   */
  path(wanted: WantedFile): Promise<string>;
  /** Whatever else needs the room, it stays for `KEPT_MS` from now, if it is there. */
  keep(sha256: string): Promise<void>;
}

export const KEPT_MS = 10 * 60_000;
/** Share of the bound that is left when it was passed. */
const KEPT_SHARE = 0.8;

export function openFileCache(folder: string, maxBytes: number): FileCache {
  return new FolderCache(folder, maxBytes);
}

class FolderCache implements FileCache {
  readonly #folder: string;
  readonly #unfinished: string;
  readonly #maxBytes: number;
  readonly #fetching = new Map<string, Promise<string>>();
  /** Of all processes when it was last counted, and of this one since. */
  #bytesKept: number | null = null;
  #trimming: Promise<void> | null = null;

  constructor(folder: string, maxBytes: number) {
    this.#folder = folder;
    this.#unfinished = join(folder, 'unfinished');
    this.#maxBytes = maxBytes;
  }

  async read(sha256: string): Promise<Uint8Array | null> {
    const path = this.#pathOf(sha256);
    const bytes = await readFile(path).catch(() => null);
    if (bytes === null) return null;
    if (sha256Of(bytes) !== sha256) {
      await rm(path, { force: true });
      return null;
    }
    await useUntil(path, Date.now());
    return bytes;
  }

  async write(sha256: string, bytes: Uint8Array): Promise<void> {
    const temporary = join(this.#unfinished, randomUUID());
    try {
      await this.#makeFolders(sha256);
      await writeFile(temporary, bytes);
      await rename(temporary, this.#pathOf(sha256));
    } catch {
      // A disk that is full keeps nobody from reading the store.
      await rm(temporary, { force: true }).catch(() => {});
      return;
    }
    await this.#count(bytes.length);
  }

  async open(sha256: string): Promise<OpenedObject | null> {
    const path = this.#pathOf(sha256);
    if (!(await this.#holds(sha256, Date.now()))) return null;
    return openFile(path).catch(() => null);
  }

  path(wanted: WantedFile): Promise<string> {
    const { sha256 } = wanted;
    const known = this.#fetching.get(sha256);
    if (known !== undefined) return known;
    const fetching = this.#find(wanted).finally(() => this.#fetching.delete(sha256));
    this.#fetching.set(sha256, fetching);
    return fetching;
  }

  async keep(sha256: string): Promise<void> {
    await useUntil(this.#pathOf(sha256), Date.now() + KEPT_MS);
  }

  async #find(wanted: WantedFile): Promise<string> {
    const { sha256 } = wanted;
    if (!(await this.#holds(sha256, Date.now() + KEPT_MS))) {
      await this.#fetch(wanted).catch(async (error: unknown) => {
        // Copies that nobody needs at the moment make room, and a folder that was just deleted is made again.
        if (isNoRoom(error)) await this.#trim(0);
        else if (!isMissing(error)) throw error;
        return this.#fetch(wanted);
      });
    }
    return this.#pathOf(sha256);
  }

  async #fetch({ name, sha256, fetch }: WantedFile): Promise<void> {
    const found = await fetch();
    if (found === null)
      throw new DomainError('UNAVAILABLE', `There is no ${name}.`, {
        fix: 'Put the file back from a copy of the store, or train the version again.',
      });
    const temporary = join(this.#unfinished, randomUUID());
    try {
      await this.#makeFolders(sha256);
      // Opened before anything can break off: a stream that opens it itself may make it after it was removed.
      const file = await open(temporary, 'wx');
      await pipeline(checkedBytes(found.stream, { name, sha256 }), file.createWriteStream());
      await useUntil(temporary, Date.now() + KEPT_MS);
      await rename(temporary, this.#pathOf(sha256));
    } catch (error) {
      found.stream.destroy();
      await rm(temporary, { force: true }).catch(() => {});
      throw isNoRoom(error) ? await noRoomError(temporary, found.bytes, error) : error;
    }
    await this.#count(found.bytes);
  }

  /** Whether it is there and whole: then it is used until that time. */
  async #holds(sha256: string, until: number): Promise<boolean> {
    const path = this.#pathOf(sha256);
    if (!(await useUntil(path, until))) return false;
    if ((await sha256OfFile(path).catch(() => null)) === sha256) return true;
    await rm(path, { force: true });
    return false;
  }

  async #makeFolders(sha256: string): Promise<void> {
    await mkdir(this.#unfinished, { recursive: true });
    await mkdir(dirname(this.#pathOf(sha256)), { recursive: true });
  }

  async #count(bytes: number): Promise<void> {
    if (this.#bytesKept !== null) this.#bytesKept += bytes;
    if (this.#bytesKept === null || this.#bytesKept > this.#maxBytes) await this.#trim();
  }

  #trim(maxBytes = this.#maxBytes): Promise<void> {
    this.#trimming ??= this.#removeUnused(maxBytes).finally(() => {
      this.#trimming = null;
    });
    return this.#trimming;
  }

  async #removeUnused(maxBytes: number): Promise<void> {
    await removeAbandoned(this.#unfinished);
    const files = (await filesOf(this.#folder)).sort((a, b) => a.usedAt - b.usedAt);
    let left = files.reduce((sum, { bytes }) => sum + bytes, 0);
    const goal = left > maxBytes ? KEPT_SHARE * maxBytes : maxBytes;
    for (const { path, bytes, usedAt } of files) {
      if (left <= goal || usedAt > Date.now()) break;
      // Somebody may have come to need it since it was listed. A system that keeps open files is asked again another time.
      const isUsed = (await timeOf(path)) !== usedAt;
      if (!isUsed)
        await rm(path, { force: true }).then(
          () => (left -= bytes),
          () => {},
        );
    }
    this.#bytesKept = left;
  }

  #pathOf(sha256: string): string {
    return join(this.#folder, sha256.slice(0, 2), sha256.slice(2));
  }
}

/** False when there is no such file. */
async function useUntil(path: string, until: number): Promise<boolean> {
  const known = await timeOf(path);
  if (known === null) return false;
  if (known >= until) return true;
  const time = new Date(until);
  return utimes(path, time, time).then(
    () => true,
    (error: unknown) => !isMissing(error),
  );
}

async function timeOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );
}

interface KeptFile {
  readonly path: string;
  readonly bytes: number;
  readonly usedAt: number;
}

async function filesOf(folder: string): Promise<KeptFile[]> {
  const files: KeptFile[] = [];
  for (const start of await readdir(folder).catch(() => [])) {
    if (start.length !== 2) continue;
    for (const name of await readdir(join(folder, start)).catch(() => [])) {
      const path = join(folder, start, name);
      const found = await stat(path).catch(() => null);
      if (found !== null) files.push({ path, bytes: found.size, usedAt: found.mtimeMs });
    }
  }
  return files;
}
