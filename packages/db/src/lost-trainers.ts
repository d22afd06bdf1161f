/** @file When a trainer counts as lost: it is silent, by the database's clock, or its process on this host is gone. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

export interface RegisteredTrainer {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
}

/**
 * Condition in SQL on a row of `Trainer`. While PostgreSQL was down nobody could be heard of, so silence is counted from
 * its start at the earliest.
 * @param milliseconds How long it must have been silent; a parameter of the statement.
 */
export function isSilent(milliseconds: `$${number}`): string {
  return `clock_timestamp() - greatest("heartbeatAt" AT TIME ZONE 'UTC', pg_postmaster_start_time())
    >= ${milliseconds}::float8 * interval '1 millisecond'`;
}

/** Its process ran on this host and has ended. */
export function isGone({ host, pid }: RegisteredTrainer): boolean {
  return host === hostname() && !isProcessAlive(pid);
}

function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Killed, but not yet reaped: it still has a process id and will never do anything again. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
}
