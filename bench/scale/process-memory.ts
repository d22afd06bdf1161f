/** @file Memory of processes by Linux's accounts in /proc; null elsewhere. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Forgets this process's peak, so that `peakMb` is of what follows. */
export function resetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Not Linux: peaks are then those of the whole process.
  }
}

/** Peak resident memory of this process since `resetPeak`, MB. */
export function peakMb(): number {
  const own = statusMb('self', 'VmHWM');
  return own ?? Math.round((process.resourceUsage().maxRSS * 1024) / 1e6);
}

/** Resident memory now of the processes below one whose command line holds a text, MB; null where there is none. */
export function residentMbBelow(root: number, commandHolds: string): number | null {
  const children = childrenByParent();
  const found: number[] = [];
  const open = [root];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    open.push(...(children.get(pid) ?? []));
    if (commandOf(pid).includes(commandHolds)) found.push(statusMb(String(pid), 'VmRSS') ?? 0);
  }
  return found.length === 0 ? null : found.reduce((sum, value) => sum + value, 0);
}

function childrenByParent(): Map<number, number[]> {
  const children = new Map<number, number[]>();
  for (const name of listProcesses()) {
    const parent = Number(/^PPid:\s+(\d+)/m.exec(readStatus(name))?.[1] ?? -1);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  return children;
}

function listProcesses(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function statusMb(pid: string, field: 'VmRSS' | 'VmHWM'): number | null {
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readStatus(pid))?.[1];
  return kilobytes === undefined ? null : Math.round((Number(kilobytes) * 1024) / 1e6);
}

function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`);
}

function readStatus(pid: string): string {
  return read(`/proc/${pid}/status`);
}

/** Empty for a process that has just ended. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
