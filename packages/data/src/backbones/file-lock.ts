/** @file Lets one process at a time work on a file: a lock file beside it, kept young while its holder lives. */
import { mkdir, open, rm, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const TOUCH_MS = 5_000;
/** A lock that nobody has touched for this long was left by a process that is gone. */
const STALE_MS = 30_000;
const POLL_MS = 250;

/** Runs `work` while holding `<path>.lock`; waits for whoever holds it. */
export async function withFileLock<T>(
  path: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const lock = `${path}.lock`;
  await mkdir(dirname(path), { recursive: true });
  while (!(await take(lock))) {
    const touchedAt = (await stat(lock).catch(() => null))?.mtimeMs ?? null;
    if (touchedAt !== null && Date.now() - touchedAt > STALE_MS) await rm(lock, { force: true });
    else await sleep(POLL_MS, undefined, { signal });
  }
  const timer = setInterval(() => {
    const now = new Date();
    void utimes(lock, now, now).catch(() => {});
  }, TOUCH_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await rm(lock, { force: true });
  }
}

async function take(lock: string): Promise<boolean> {
  try {
    await (await open(lock, 'wx')).close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
