/**
 * @file The folder of the feature cache, shared by trainers: a folder for each feature graph with its shards, and marks of who uses
 * what. What nobody uses goes when room is needed, the least recently used first. The time of a shard is when it was last used.
 */
import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isStale, type LiveMark, MARK_SUFFIX, NEW_SUFFIX, readLiveMark } from './cache-marks.ts';

export const SHARD_SUFFIX = '.shard';
export const PARTIAL_SUFFIX = '.partial';

export interface StoredShard {
  /** Within the folder. */
  readonly path: string;
  readonly bytes: number;
  readonly usedAtMs: number;
}

export interface FolderState {
  /** Least recently used first. */
  readonly shards: readonly StoredShard[];
  /** Of processes that are alive, the reader's own too. */
  readonly marks: ReadonlyMap<string, LiveMark>;
  /** Of shards that are being written. */
  readonly openBytes: number;
}

/**
 * What is in the folder. What dead processes and earlier versions have left is taken away.
 * @param now By the clock of the file system, milliseconds.
 */
export async function readFolder(folder: string, now: number): Promise<FolderState> {
  const names = await namesIn(folder);
  const marks = new Map<string, LiveMark>();
  for (const name of names.filter((one) => one.endsWith(MARK_SUFFIX))) {
    const path = join(folder, name);
    const mark = await readLiveMark(path, now);
    if (mark === null) await rm(path, { force: true });
    else marks.set(path, mark);
  }
  for (const name of names.filter((one) => one.endsWith(MARK_SUFFIX + NEW_SUFFIX))) {
    const path = join(folder, name);
    if (await isStale(path, now)) await rm(path, { force: true });
  }
  const open = new Set([...marks.values()].flatMap((mark) => mark.open?.path ?? []));
  const shards: StoredShard[] = [];
  let openBytes = 0;
  for (const set of names) {
    const files = await namesIn(join(folder, set));
    for (const name of files) {
      const path = join(set, name);
      const file = await stat(join(folder, path)).catch(() => null);
      if (file === null) continue;
      const { size: bytes, mtimeMs: usedAtMs } = file;
      if (name.endsWith(SHARD_SUFFIX)) shards.push({ path, bytes, usedAtMs });
      else if (open.has(path)) openBytes += bytes;
      else await rm(join(folder, path), { force: true, recursive: true });
    }
    // One that is about to get a shard is named by a mark already.
    if (files.length === 0 && ![...open].some((path) => dirname(path) === set))
      await rmdir(join(folder, set)).catch(() => {});
  }
  shards.sort((a, b) => a.usedAtMs - b.usedAtMs || (a.path < b.path ? -1 : 1));
  return { shards, marks, openBytes };
}

/**
 * Removes shards that nobody uses.
 * @param bytes How many are to go; all of them when infinite.
 * @returns The bytes that went.
 */
export async function evict(
  folder: string,
  { shards, marks }: FolderState,
  bytes: number,
): Promise<number> {
  const used = new Set([...marks.values()].flatMap((mark) => mark.shards));
  let gone = 0;
  for (const shard of shards) {
    if (gone >= bytes) break;
    if (used.has(shard.path)) continue;
    const isGone = await rm(join(folder, shard.path)).then(
      () => true,
      () => false,
    );
    if (isGone) gone += shard.bytes;
  }
  return gone;
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
