/**
 * @file Lowers the priority of a process that loads a graph, so that those that answer meanwhile keep the cores, and raises it
 * again once it serves. Only who may raise a priority lowers one: on Linux, that takes the capability SYS_NICE.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/** Beside two threads that compute, on two cores, a seventh of the time; by itself all of it. */
const LOWER_BY = 5;
const LOWEST = 19;
/** Of `CapEff`: CAP_SYS_NICE. */
const SYS_NICE = 1n << 23n;

let mayRaise: boolean | undefined;

/** So do threads that it starts from then on. */
export function giveWay(pid: number): void {
  mayRaise ??= findMayRaise();
  if (mayRaise) set(pid, Math.min(LOWEST, getPriority() + LOWER_BY));
}

/** It computes with the priority of this process. */
export function takePart(pid: number): void {
  if (mayRaise !== true) return;
  const own = getPriority();
  for (const thread of threadsOf(pid)) set(thread, own);
}

function findMayRaise(): boolean {
  if (process.platform !== 'linux') return process.platform === 'win32' || process.getuid?.() === 0;
  try {
    const [, effective = '0'] =
      /^CapEff:\s*([\da-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return (BigInt(`0x${effective}`) & SYS_NICE) !== 0n;
  } catch {
    return false;
  }
}

/** Linux has a priority for each thread. */
function threadsOf(pid: number): number[] {
  if (process.platform !== 'linux') return [pid];
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
}

function set(id: number, priority: number): void {
  try {
    setPriority(id, priority);
  } catch {
    // It has ended meanwhile; whoever waits for it hears of that.
  }
}
