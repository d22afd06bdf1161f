/**
 * @file Marks of the processes that use a cache folder together: what each holds and what it is making. A mark counts while it
 * is fresh by the clock of the file system, and its process is alive where that can be seen: in a container that was
 * started anew a process of the same small number is another one.
 */
import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isProcessAlive } from '@plumbline/db';

export const MARK_SUFFIX = '.mark';
/** Of a mark that is being written. */
export const NEW_SUFFIX = '.new';
const REFRESH_MS = 10_000;
/** A mark that was not refreshed for this long was left by a process that is gone. */
const STALE_MS = 120_000;

export interface MarkContent {
  /** Shards in use, by their paths within the folder. */
  readonly shards: readonly string[];
  /** The shard that is being written, and the keys of its images; null when there is none. */
  readonly open: { readonly path: string; readonly keys: readonly string[] } | null;
  /** Bytes that are still to be written. */
  readonly reservedBytes: number;
}

interface Owner {
  readonly pid: number;
  readonly host: string;
}

export type LiveMark = Owner & MarkContent;

/** Paths of the marks and locks of this process. */
const own = new Set<string>();

/** This process' mark in a folder, once it is written. Nobody sees it half written. */
export class Mark {
  readonly #path: string;
  readonly #timer: NodeJS.Timeout;
  #refreshedAt = Date.now();

  constructor(folder: string) {
    const path = join(folder, `${randomUUID()}${MARK_SUFFIX}`);
    this.#path = path;
    this.#timer = setInterval(() => void refresh(path), REFRESH_MS);
    this.#timer.unref();
    own.add(path);
  }

  get path(): string {
    return this.#path;
  }

  async write(content: MarkContent): Promise<void> {
    const text = JSON.stringify({ pid: process.pid, host: hostname(), ...content });
    await writeFile(this.#path + NEW_SUFFIX, text);
    await rename(this.#path + NEW_SUFFIX, this.#path);
  }

  /** Called between batches: timers may not run while the process computes. */
  async keepFresh(): Promise<void> {
    if (Date.now() - this.#refreshedAt < REFRESH_MS / 2) return;
    this.#refreshedAt = Date.now();
    await refresh(this.#path);
  }

  async remove(): Promise<void> {
    clearInterval(this.#timer);
    own.delete(this.#path);
    for (const path of [this.#path, this.#path + NEW_SUFFIX]) await rm(path, { force: true });
  }
}

/** Writes the first byte again: the time that the file then has is the file system's, not this machine's. */
async function refresh(path: string): Promise<void> {
  const file = await open(path, 'r+').catch(() => null);
  if (file === null) return;
  await file.write('{', 0).catch(() => {});
  await file.close();
}

/**
 * @param now By the clock of the file system, milliseconds.
 * @returns null for one whose process is gone.
 */
export async function readLiveMark(path: string, now: number): Promise<LiveMark | null> {
  try {
    if (await isStale(path, now)) return null;
    const mark = JSON.parse(await readFile(path, 'utf8')) as LiveMark;
    return isAlive(mark, path) ? mark : null;
  } catch {
    return null;
  }
}

/** Whether nobody has written the file for so long that its process is gone; also when there is none. */
export async function isStale(path: string, now: number): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found === null || now - found.mtimeMs >= STALE_MS;
}

function isAlive({ pid, host }: Owner, path: string): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return own.has(path);
  return isProcessAlive(pid);
}

/** A file that one process at a time may have: held for moments, while it is decided who makes what. */
const LOCK = 'lock';
const LOCK_POLL_MS = 20;
const LOCK_STALE_MS = 30_000;

/**
 * Two that hold it at once after one was taken for gone compute some images twice, and nothing worse.
 * @param work Gets the time by the clock of the file system, milliseconds.
 */
export async function withLock<T>(
  folder: string,
  signal: AbortSignal,
  work: (now: number) => Promise<T>,
): Promise<T> {
  const path = join(folder, LOCK);
  for (;;) {
    signal.throwIfAborted();
    const now = await takeLock(path);
    if (now !== null) {
      try {
        return await work(now);
      } finally {
        own.delete(path);
        await rm(path, { force: true });
      }
    }
    await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
  }
}

/** @returns The time at which it was taken, or null when another one has it. */
async function takeLock(path: string): Promise<number | null> {
  try {
    const file = await open(path, 'wx');
    own.add(path);
    try {
      await file.writeFile(JSON.stringify({ pid: process.pid, host: hostname() }));
      return (await file.stat()).mtimeMs;
    } catch (error) {
      own.delete(path);
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const found = await stat(path).catch(() => null);
  if (found === null) return null;
  const owner = await readFile(path, 'utf8')
    .then((text) => JSON.parse(text) as Owner)
    .catch(() => null);
  const isOld = Date.now() - found.mtimeMs > LOCK_STALE_MS;
  if (isOld || (owner !== null && !isAlive(owner, path))) {
    const away = `${path}.${randomUUID()}`;
    await rename(path, away).catch(() => {});
    await rm(away, { force: true });
  }
  return null;
}

/** Sets the time at which something was used. */
export async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => {});
}
