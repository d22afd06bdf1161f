/** @file The record of a running platform: how the others find it. */
import { readFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { type PlatformHome, type PlatformRecord, platformRecordSchema } from '@plumbline/contracts';

/**
 * The platform that runs from this home, or null. A record whose process is gone counts as none, and so does one that
 * came along when a home was copied.
 */
export async function findPlatform(home: PlatformHome): Promise<PlatformRecord | null> {
  const text = await readFile(home.record, 'utf8').catch(() => null);
  if (text === null) return null;
  const parsed = platformRecordSchema.safeParse(safeJson(text));
  if (!parsed.success || !isAlive(parsed.data.pid)) return null;
  const { homeId } = parsed.data;
  return homeId === undefined || homeId === (await homeIdOf(home)) ? parsed.data : null;
}

/** The folder itself, wherever it is moved to. */
async function homeIdOf(home: PlatformHome): Promise<string> {
  const { dev, ino } = await stat(home.root);
  return `${dev}:${ino}`;
}

export async function writePlatformRecord(
  home: PlatformHome,
  record: PlatformRecord,
): Promise<void> {
  await mkdir(home.root, { recursive: true });
  const partial = `${home.record}.${process.pid}`;
  const written = { ...record, homeId: await homeIdOf(home) };
  await writeFile(partial, JSON.stringify(written, null, 2), { mode: 0o600 });
  await rename(partial, home.record);
}

export async function removePlatformRecord(home: PlatformHome): Promise<void> {
  await rm(home.record, { force: true });
}

/** Whether a supervisor runs under this process id: a killed one not yet reaped, or another program, is none. */
export function isAlive(pid: number): boolean {
  if (process.platform === 'linux') return commandOf(pid).includes('supervisor.ts');
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
