/**
 * @file Entries of a cache folder that several trainers share. An entry is a folder that appears complete or not at
 * all; who uses one or makes one leaves a mark in it, `<pid>@<host>.mark`, which is kept fresh. What nobody uses goes
 * when room is needed, the least recently used first. The time of a folder is when it was last used.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';

const MARK = /^(\d+)@(.*)\.mark$/;
const REFRESH_MS = 10_000;
/** A mark of another machine that was not refreshed for this long was left by a process that is gone. */
const STALE_MS = 120_000;
const PARTIAL = '.partial';
const REMOVED = '.removed';

/** Something held in the cache: released once. */
export interface Hold {
  release(): Promise<void>;
}

/** Marks an entry as in use. @returns null when there is no such entry. */
export async function holdEntry(entry: string): Promise<Hold | null> {
  const mark = join(entry, `${process.pid}@${hostname()}.mark`);
  // A process may hold an entry twice: the mark then stays until the last hold is released.
  const holders = held.get(mark) ?? 0;
  if (!(await succeeds(writeFile(mark, '')))) return null;
  held.set(mark, holders + 1);
  await touch(entry);
  const timer = setInterval(() => void touch(mark), REFRESH_MS);
  timer.unref();
  return {
    async release() {
      clearInterval(timer);
      const left = (held.get(mark) ?? 1) - 1;
      held.set(mark, left);
      if (left > 0) return;
      held.delete(mark);
      await rm(mark, { force: true });
      await touch(entry);
    },
  };
}

const held = new Map<string, number>();

/**
 * Claims the making of an entry.
 * @returns The folder to fill, with a mark in it, or null when another process is at it.
 */
export async function claimEntry(entry: string): Promise<string | null> {
  const partial = entry + PARTIAL;
  await mkdir(dirname(entry), { recursive: true });
  const own = `${entry}.${randomUUID()}${REMOVED}`;
  await mkdir(own);
  await writeFile(join(own, `${process.pid}@${hostname()}.mark`), '');
  // A folder with its mark in it, in one step: nobody ever sees a claim without its owner.
  if (await succeeds(rename(own, partial))) return partial;
  await rm(own, { recursive: true, force: true });
  if (await isHeld(partial)) return null;
  await remove(partial);
  return claimEntry(entry);
}

/** Keeps the claim fresh; called now and then while the entry is made. */
export async function refreshClaim(partial: string): Promise<void> {
  await touch(join(partial, `${process.pid}@${hostname()}.mark`));
}

/** Gives a filled folder its name. Someone else's entry of that name is as good. */
export async function publishEntry(partial: string, entry: string): Promise<void> {
  await rm(join(partial, `${process.pid}@${hostname()}.mark`), { force: true });
  if (!(await succeeds(rename(partial, entry)))) await remove(partial);
}

/** Takes a folder away in one step, so that nobody sees half of it. */
export async function remove(folder: string): Promise<boolean> {
  const away = `${folder}.${randomUUID()}${REMOVED}`;
  const gone = await succeeds(rename(folder, away));
  if (gone) await rm(away, { recursive: true, force: true });
  return gone;
}

/** Whether a process that is alive has its mark in a folder. */
async function isHeld(folder: string): Promise<boolean> {
  for (const name of await namesIn(folder)) {
    const mark = MARK.exec(name);
    if (mark !== null && (await isFresh(join(folder, name), Number(mark[1]), mark[2] ?? '')))
      return true;
  }
  return false;
}

async function isFresh(mark: string, pid: number, host: string): Promise<boolean> {
  if (host === hostname()) return isAlive(pid);
  const { mtimeMs } = await stat(mark).catch(() => ({ mtimeMs: 0 }));
  return Date.now() - mtimeMs < STALE_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Someone else's process is alive too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export interface CacheEntry {
  readonly path: string;
  readonly bytes: number;
  readonly usedAtMs: number;
}

/** Everything in the folder, claims included, least recently used first. */
export async function listEntries(folder: string): Promise<CacheEntry[]> {
  const entries = await Promise.all(
    (await namesIn(folder)).map(async (name): Promise<CacheEntry | null> => {
      const path = join(folder, name);
      const own = await stat(path).catch(() => null);
      if (own === null) return null;
      let bytes = 0;
      for (const file of await namesIn(path))
        bytes += (await stat(join(path, file)).catch(() => ({ size: 0 }))).size;
      return { path, bytes, usedAtMs: own.mtimeMs };
    }),
  );
  return entries
    .filter((entry) => entry !== null)
    .sort((a, b) => a.usedAtMs - b.usedAtMs || a.path.localeCompare(b.path));
}

/**
 * Removes what nobody uses until the rest is small enough.
 * @param limitBytes Most that may be left.
 * @returns Bytes that are left: above the limit when they are in use.
 */
export async function evictTo(folder: string, limitBytes: number): Promise<number> {
  const entries = await listEntries(folder);
  let left = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  for (const { path, bytes, usedAtMs } of entries) {
    const isOld = Date.now() - usedAtMs > STALE_MS;
    const isLitter = path.endsWith(PARTIAL) || (path.endsWith(REMOVED) && isOld);
    if (left <= limitBytes && !isLitter) continue;
    if ((await isHeld(path)) || !(await remove(path))) continue;
    left -= bytes;
  }
  return left;
}

async function touch(path: string): Promise<void> {
  const now = new Date();
  await succeeds(utimes(path, now, now));
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function succeeds(promise: Promise<unknown>): Promise<boolean> {
  return promise.then(
    () => true,
    () => false,
  );
}
