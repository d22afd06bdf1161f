/** @file Processor time of a process and of all that it has started, by Linux's accounts in /proc. */
import { readdirSync, readFileSync } from 'node:fs';

/** Of the kernel's accounts, everywhere. */
const TICK_MS = 10;

/** @returns So far, milliseconds, of those that run now; 0 where the system does not tell. */
export function cpuTimeMs(root: number): number {
  const stats = processes().map((pid) => ({ pid, ...statOf(pid) }));
  const mine = new Set([root]);
  for (let before = 0; before !== mine.size; ) {
    before = mine.size;
    for (const { pid, parent } of stats) if (mine.has(parent)) mine.add(pid);
  }
  return stats.reduce((sum, { pid, ms }) => (mine.has(pid) ? sum + ms : sum), 0);
}

function processes(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function statOf(pid: number): { parent: number; ms: number } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // After the name, which may hold anything: state, parent, …, user and system time as the 12th and 13th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(fields[1]), ms: (Number(fields[11]) + Number(fields[12])) * TICK_MS };
  } catch {
    return { parent: -1, ms: 0 };
  }
}
