/**
 * @file Which processes serve a data directory, from its lock file and, on Linux, from /proc: whether the server lives,
 * and what a killed one has left behind.
 */
import { readdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isProcessAlive } from './is-process-alive.ts';

const isLinux = process.platform === 'linux';
/** For killed processes to be gone. */
const ORPHANS_GONE_MS = 5_000;

/** What `postmaster.pid` says: whose data directory it is, and where its server listens. */
export interface ServerLock {
  readonly pid: number;
  readonly dataDirectory: string;
  readonly port: number;
}

export async function readLock(dataDirectory: string): Promise<ServerLock | null> {
  const text = await readFile(lockFile(dataDirectory), 'utf8').catch(() => null);
  if (text === null) return null;
  const [pid = '', directory = '', , port = ''] = text.split('\n');
  return { pid: Math.abs(Number(pid)), dataDirectory: directory, port: Number(port) };
}

/** Whether the server of this data directory lives, whoever started it. */
export async function isServed(dataDirectory: string): Promise<boolean> {
  const lock = await readLock(dataDirectory);
  return lock !== null && (await serves(lock, dataDirectory));
}

/**
 * Removes a lock file that would keep PostgreSQL from starting although nobody serves this directory: its process id is
 * another program's (after a reboot, in a restarted container), or a killed server's that was not reaped yet; or the
 * file came along when a directory was copied whose server runs. Data stay safe: PostgreSQL itself looks for processes
 * that still share this directory's memory.
 */
export async function removeDeadLock(dataDirectory: string): Promise<void> {
  const lock = await readLock(dataDirectory);
  if (lock === null || !isAlive(lock.pid)) return;
  if (!(await serves(lock, dataDirectory))) await rm(lockFile(dataDirectory), { force: true });
}

/**
 * Ends what a killed server has left: processes that go on with their statement hold the shared memory, and no new
 * server starts. What they had not committed is rolled back, as it is when PostgreSQL crashes. Linux alone; elsewhere
 * they end by themselves.
 */
export async function endOrphans(dataDirectory: string): Promise<void> {
  if (!isLinux || (await isServed(dataDirectory))) return;
  const deadline = Date.now() + ORPHANS_GONE_MS;
  for (;;) {
    const orphans = await processesIn(dataDirectory);
    if (orphans.length === 0 || Date.now() > deadline) return;
    for (const pid of orphans) kill(pid);
    await sleep(50);
  }
}

async function serves({ pid, ...lock }: ServerLock, dataDirectory: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (isLinux) {
    const state = await statusOf(pid);
    if (state === null || state.isZombie || !state.isPostgres) return false;
    const isHere = await worksIn(pid, dataDirectory);
    if (isHere !== null) return isHere;
  }
  return (await real(lock.dataDirectory)) === (await real(dataDirectory));
}

/** PostgreSQL's processes work in their data directory. Null where this may not be seen. */
async function worksIn(pid: number, dataDirectory: string): Promise<boolean | null> {
  const wanted = await stat(dataDirectory).catch(() => null);
  const found = await stat(`/proc/${pid}/cwd`).catch(() => null);
  if (wanted === null || found === null) return null;
  return found.ino === wanted.ino && found.dev === wanted.dev;
}

async function processesIn(dataDirectory: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found: number[] = [];
  for (const pid of pids) {
    const state = await statusOf(pid);
    if (state?.isPostgres !== true || state.isZombie) continue;
    if ((await worksIn(pid, dataDirectory)) === true) found.push(pid);
  }
  return found;
}

async function statusOf(pid: number): Promise<{ isPostgres: boolean; isZombie: boolean } | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  const end = text.lastIndexOf(')');
  return {
    isPostgres: text.slice(text.indexOf('(') + 1, end) === 'postgres',
    isZombie: text.slice(end + 2).startsWith('Z'),
  };
}

function isAlive(pid: number): boolean {
  return pid > 0 && isProcessAlive(pid);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function lockFile(dataDirectory: string): string {
  return join(dataDirectory, 'postmaster.pid');
}

function real(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}
