/** @file The record of a running platform: how the others find it. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { type PlatformHome, type PlatformRecord, platformRecordSchema } from '@plumbline/contracts';

/** The platform that runs from this home, or null. A record whose process is gone counts as none. */
export async function findPlatform(home: PlatformHome): Promise<PlatformRecord | null> {
  const text = await readFile(home.record, 'utf8').catch(() => null);
  if (text === null) return null;
  const parsed = platformRecordSchema.safeParse(safeJson(text));
  if (!parsed.success || !isAlive(parsed.data.pid)) return null;
  return parsed.data;
}

export async function writePlatformRecord(
  home: PlatformHome,
  record: PlatformRecord,
): Promise<void> {
  await mkdir(home.root, { recursive: true });
  const partial = `${home.record}.${process.pid}`;
  await writeFile(partial, JSON.stringify(record, null, 2), { mode: 0o600 });
  await rename(partial, home.record);
}

export async function removePlatformRecord(home: PlatformHome): Promise<void> {
  await rm(home.record, { force: true });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
