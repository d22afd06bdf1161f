/**
 * @file Small shards become large ones: a dataset that grows by an image at a time leaves one shard for each, and every run
 * opens them all. The shards that were merged go when nobody uses them.
 */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { ShardWriter } from './shard-file.ts';
import type { StoredImages } from './stored-images.ts';

/** So many shards of less than half the size are too many. */
export const MANY_SMALL_SHARDS = 16;

/** The smallest that together make one shard at most; none while they are few. */
export function shardsToMerge(stored: StoredImages, imagesPerShard: number): string[] {
  // What was merged already and is still read by another trainer would be merged again and again.
  const needless = new Set(stored.needless());
  const small = stored
    .sizes()
    .filter(({ shard, images }) => images <= imagesPerShard / 2 && !needless.has(shard))
    .sort((a, b) => a.images - b.images);
  if (small.length < MANY_SMALL_SHARDS) return [];
  let images = 0;
  const merged = small.filter((one) => {
    images += one.images;
    return images <= imagesPerShard;
  });
  return merged.length < 2 ? [] : merged.map(({ shard }) => shard);
}

export interface MergeOptions {
  /** Of the shards. */
  readonly folder: string;
  readonly stored: StoredImages;
  readonly recordBytes: number;
  /** Names. */
  readonly shards: readonly string[];
  /** While it is written, and when it is whole; paths. */
  readonly partial: string;
  readonly merged: string;
}

/** Writes what lies in some shards into one, each image once. */
export async function mergeShards(options: MergeOptions): Promise<void> {
  const { folder, stored, recordBytes, shards, partial, merged } = options;
  const writer = await ShardWriter.create(partial, recordBytes);
  const record = Buffer.alloc(recordBytes);
  const done = new Set<string>();
  try {
    for (const shard of shards) {
      const file = await open(join(folder, shard), 'r');
      try {
        for (const [index, key] of stored.keysIn(shard).entries()) {
          if (done.has(key)) continue;
          done.add(key);
          const { bytesRead } = await file.read(record, 0, recordBytes, index * recordBytes);
          if (bytesRead !== recordBytes) throw new Error(`The shard ${shard} was cut short.`);
          await writer.append(key, [record]);
        }
      } finally {
        await file.close();
      }
    }
    await writer.seal(merged);
  } catch (error) {
    await writer.discard();
    throw error;
  }
}
