/** @file What of the folder of the feature cache is taken, promised and free, in bytes. */
import { FEATURE_CACHE_BYTES } from '@plumbline/contracts';
import { freeBytes } from '@plumbline/data';
import type { FolderState } from './cache-folder.ts';

/** Bound where none is set: `FEATURE_CACHE_BYTES`, or this share of what the disk could hold. */
const DEFAULT_LIMIT_SHARE = 0.2;

export interface CacheBudget {
  readonly taken: number;
  /** By trainers for what they still write. */
  readonly reserved: number;
  /** On the disk. */
  readonly free: number;
  /** Most that the folder may take. */
  readonly limit: number;
}

/** @param limitBytes The default bound when null. */
export async function cacheBudget(
  folder: string,
  state: FolderState,
  limitBytes: number | null,
): Promise<CacheBudget> {
  const kept = state.shards.reduce((sum, shard) => sum + shard.bytes, 0);
  const taken = kept + state.openBytes;
  const reserved = [...state.marks.values()].reduce((sum, mark) => sum + mark.reservedBytes, 0);
  const free = await freeBytes(folder);
  const limit = limitBytes ?? Math.min(FEATURE_CACHE_BYTES, DEFAULT_LIMIT_SHARE * (free + taken));
  return { taken, reserved, free, limit };
}

/** Bytes that can be written without that anything goes. */
export function roomIn({ taken, reserved, free, limit }: CacheBudget): number {
  return Math.min(limit - taken, free) - reserved;
}
