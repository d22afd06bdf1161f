/**
 * @file Marks of the processes that use a cache folder together: what each holds and what it is making. A mark counts while it
 * is fresh by the clock of the file system, and its process is alive where that can be seen: in a container that was
 * started anew a process of the same small number is another one.
 */
import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

export const MARK_SUFFIX = '.mark';
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

const NOTHING: MarkContent = { shards: [], open: null, reservedBytes: 0 };
/** Paths of the marks and locks of this process. */
const own = new Set<string>();

/** This process' mark in a folder. Nobody sees it half written. */
export class Mark {
  readonly #path: string;
  readonly #timer: NodeJS.Timeout;
  #refreshedAt = Date.now();

  private constructor(path: string) {
    this.#path = path;
    this.#timer = setInterval(() => void refresh(path), REFRESH_MS);
    this.#timer.unref();
    own.add(path);
  }

  static async leave(folder: string): Promise<Mark> {
    const mark = new Mark(join(folder, `${randomUUID()}${MARK_SUFFIX}`));
    await mark.write(NOTHING);
    return mark;
  }

  get path(): string {
    return this.#path;
  }

  async write(content: MarkContent): Promise<void> {
    const text = JSON.stringify({ pid: process.pid, host: hostname(), ...content });
    await writeFile(`${this.#path}.new`, text);
    await rename(`${this.#path}.new`, this.#path);
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
    await rm(this.#path, { force: true });
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
    const { mtimeMs } = await stat(path);
    const mark = JSON.parse(await readFile(path, 'utf8')) as LiveMark;
    return now - mtimeMs < STALE_MS && isAlive(mark, path) ? mark : null;
  } catch {
    return null;
  }
}

function isAlive({ pid, host }: Owner, path: string): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return own.has(path);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Someone else's process is alive too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
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
    await file.writeFile(JSON.stringify({ pid: process.pid, host: hostname() }));
    const { mtimeMs } = await file.stat();
    await file.close();
    return mtimeMs;
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
