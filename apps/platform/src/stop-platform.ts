/** @file Takes a running platform down. */
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError, type PlatformHome, type PlatformRecord } from '@plumbline/contracts';
import { findPlatform, isAlive } from './platform-record.ts';

const STOP_TIMEOUT_MS = 45_000;

/** @returns The record of what was stopped, or null when nothing ran. */
export async function stopPlatform(home: PlatformHome): Promise<PlatformRecord | null> {
  const record = await findPlatform(home);
  if (record === null) return null;
  process.kill(record.pid, 'SIGTERM');
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (isAlive(record.pid)) {
    if (Date.now() > deadline) {
      throw new DomainError(
        'UNAVAILABLE',
        `The platform (process ${record.pid}) has not ended after ${STOP_TIMEOUT_MS / 1000} s.`,
        {
          fix: `See ${home.logs}/platform.log; "kill -9 ${record.pid}" ends it, nothing acknowledged is lost.`,
        },
      );
    }
    await sleep(100);
  }
  return record;
}
