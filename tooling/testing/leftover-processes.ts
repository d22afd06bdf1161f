/**
 * @file Processes that a test file started and that still run: those below its own process, and those that left it (as
 * PostgreSQL does, which `pg_ctl` starts) but carry its mark in their environment. Linux only: elsewhere none is found.
 */
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

export interface LeftoverProcess {
  readonly pid: number;
  readonly command: string;
}

const MARK = 'PLUMBLINE_TEST_PROCESS';

/** Marks this process; what it starts from now on inherits the mark. @returns The mark, as in an environment. */
export function markProcess(): string {
  const value = randomBytes(8).toString('hex');
  process.env[MARK] = value;
  return `${MARK}=${value}`;
}

/** @param graceMs How long processes that are just ending may take. @returns Those that still run after it. */
export async function findLeftovers(mark: string, graceMs: number): Promise<LeftoverProcess[]> {
  if (process.platform !== 'linux') return [];
  const deadline = performance.now() + graceMs;
  while (true) {
    const found = await runningProcesses(mark);
    if (found.length === 0 || performance.now() > deadline) return found;
    await sleep(50);
  }
}

async function runningProcesses(mark: string): Promise<LeftoverProcess[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  const processes = await Promise.all(pids.map((pid) => readProcess(pid, mark)));
  const found = new Set([process.pid]);
  // A parent's number may be higher than its child's, so one pass does not find them all.
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const { pid, parent, isMarked } of processes)
      if (isMarked || found.has(parent)) found.add(pid);
  }
  return processes.filter(({ pid, command }) => {
    // One that has ended and waits to be collected has no command line any more.
    return pid !== process.pid && found.has(pid) && command !== '';
  });
}

async function readProcess(pid: number, mark: string) {
  const [stat = '', command = '', environment = ''] = await Promise.all(
    ['stat', 'cmdline', 'environ'].map((name) => readIfThere(`/proc/${pid}/${name}`)),
  );
  // The name of the program, in parentheses, may contain spaces; then come the state and the parent.
  const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  const isMarked = environment.split('\0').includes(mark);
  return { pid, parent, isMarked, command: command.replaceAll('\0', ' ').trim() };
}

/** Empty when the process has ended meanwhile, or belongs to another user. */
function readIfThere(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
