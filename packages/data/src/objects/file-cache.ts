/**
 * @file Copies of what is in a store elsewhere, on this machine, by the SHA-256 of their bytes. Processes share the folder. It is
 * bounded: what was not used for the longest time goes first. What can't be read, or isn't what it should be, is fetched anew.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256Of } from '../store/sha256.ts';
import { removeAbandoned } from './remove-abandoned.ts';

export interface FileCache {
  /** Null when it isn't kept. */
  read(sha256: string): Promise<Uint8Array | null>;
  write(sha256: string, bytes: Uint8Array): Promise<void>;
}

/** Share of the bound that is left when it was passed. */
const KEPT_SHARE = 0.8;

export function openFileCache(folder: string, maxBytes: number): FileCache {
  const pathOf = (sha256: string): string => join(folder, sha256.slice(0, 2), sha256.slice(2));
  const unfinished = join(folder, 'unfinished');
  /** Of all processes when it was last counted, and of this one since. */
  let bytesKept: number | null = null;
  let trimming: Promise<void> | null = null;

  async function trim(): Promise<void> {
    await removeAbandoned(unfinished);
    const files = (await filesOf(folder)).sort((a, b) => a.usedAt - b.usedAt);
    let left = files.reduce((sum, { bytes }) => sum + bytes, 0);
    const goal = left > maxBytes ? KEPT_SHARE * maxBytes : maxBytes;
    for (const { path, bytes } of files) {
      if (left <= goal) break;
      await rm(path, { force: true });
      left -= bytes;
    }
    bytesKept = left;
  }

  return {
    async read(sha256) {
      const path = pathOf(sha256);
      const bytes = await readFile(path).catch(() => null);
      if (bytes === null) return null;
      if (sha256Of(bytes) !== sha256) {
        await rm(path, { force: true });
        return null;
      }
      const now = new Date();
      await utimes(path, now, now).catch(() => {});
      return bytes;
    },
    async write(sha256, bytes) {
      const temporary = join(unfinished, randomUUID());
      try {
        await mkdir(unfinished, { recursive: true });
        await mkdir(dirname(pathOf(sha256)), { recursive: true });
        await writeFile(temporary, bytes);
        await rename(temporary, pathOf(sha256));
      } catch {
        // A disk that is full keeps nobody from reading the store.
        await rm(temporary, { force: true }).catch(() => {});
        return;
      }
      if (bytesKept !== null) bytesKept += bytes.length;
      if (bytesKept !== null && bytesKept <= maxBytes) return;
      trimming ??= trim().finally(() => {
        trimming = null;
      });
      await trimming;
    },
  };
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
