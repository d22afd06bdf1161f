/**
 * @file Features of a backbone, computed once for each image and kept on disk as float16. They lie in shards (`shard-file.ts`) of
 * a bounded folder that trainers share (`cache-folder.ts`): each computes what no other one is at, and waits for the rest.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError, type GraphSession, isNoRoom, type Sample } from '@plumbline/contracts';
import { freeBytes } from '@plumbline/data';
import type { FeatureLevel, FeatureSource } from '@plumbline/model';
import { type CacheBudget, cacheBudget, roomIn } from './cache-budget.ts';
import {
  evict,
  type FolderState,
  PARTIAL_SUFFIX,
  readFolder,
  SHARD_SUFFIX,
} from './cache-folder.ts';
import { type LiveMark, Mark, withLock } from './cache-marks.ts';
import { computeFeatures, imageOf } from './compute-features.ts';
import type { ImageBatchesOptions } from './image-batches.ts';
import { LazySession } from './lazy-session.ts';
import { mergeShards, shardsToMerge } from './merge-shards.ts';
import { bytesInWords, noRoomError } from './no-room-error.ts';
import { bytesOfShards, ShardWriter } from './shard-file.ts';
import { StoredFeatures, sizeOf } from './stored-features.ts';
import { imageKey, StoredImages } from './stored-images.ts';

const WAIT_MS = 500;
/** A shard is closed at so many bytes: what a crash may cost, and what is evicted at once. */
const SHARD_BYTES = 128e6;

export interface FeatureCacheOptions extends ImageBatchesOptions {
  /** Of all features of the platform. */
  readonly folder: string;
  /** Most that the folder may take; 20 GB or a fifth of the free disk, whichever is less, when null. */
  readonly limitBytes: number | null;
  /** Bytes of the graph that computes the features, unpooled: it stands for backbone, taps and preprocessing. */
  readonly graph: Uint8Array;
  /** Another provider rounds differently. */
  readonly provider: string;
  /** Called when the first image is to be computed. */
  readonly loadGraph: () => Promise<GraphSession>;
  readonly levels: readonly FeatureLevel[];
  /** Whether each feature vector is averaged with its neighbors as it is read; not when absent. */
  readonly averagePool?: boolean;
  /** Default 128 MB. */
  readonly shardBytes?: number;
  /** @param done Images that are there; null while another trainer computes the rest. */
  onProgress(done: number | null): Promise<void>;
}

export interface CachedFeatures extends FeatureSource {
  close(): Promise<void>;
}

/** @throws NoRoomError */
export async function openFeatureCache(options: FeatureCacheOptions): Promise<CachedFeatures> {
  const filling = new Filling(options);
  try {
    await filling.begin();
    for (;;) {
      const next = await filling.plan();
      if (next === 'complete') {
        const features = await filling.open();
        if (features === null) continue;
        await filling.end();
        return features;
      } else if (next === 'wait') {
        await options.onProgress(null);
        await sleep(WAIT_MS, undefined, { signal: options.signal });
      } else if ('merges' in next) await filling.merge(next);
      else await filling.fill(next);
    }
  } catch (error) {
    await filling.abandon();
    await filling.end();
    if (error instanceof DomainError || !isNoRoom(error)) throw error;
    throw filling.noRoom(
      `the disk is full: ${bytesInWords(await freeBytes(options.folder))} left`,
      error,
    );
  }
}

/** The images of one shard that is to be made. */
interface PlannedShard {
  /** Within the folder, without a suffix. */
  readonly path: string;
  readonly samples: readonly Sample[];
}

/** Small shards, by name, that are to become one. */
interface PlannedMerge extends Pick<PlannedShard, 'path'> {
  readonly merges: readonly string[];
}

class Filling {
  readonly #options: FeatureCacheOptions;
  readonly #mark: Mark;
  readonly #set: string;
  readonly #recordBytes: number;
  readonly #stored: StoredImages;
  readonly #session: LazySession;
  /** By key, the first of each. */
  readonly #wanted: ReadonlyMap<string, Sample>;
  readonly #keys: readonly string[];
  /** Whether small shards may be merged: not after a try that failed. */
  #merges = true;
  /** How many samples have a key. */
  readonly #copies = new Map<string, number>();

  constructor(options: FeatureCacheOptions) {
    const { graph, provider, levels, samples, folder } = options;
    this.#options = options;
    this.#mark = new Mark(folder);
    this.#set = createHash('sha256').update(graph).update(provider).digest('hex').slice(0, 32);
    const { views = 1 } = options;
    this.#recordBytes = levels.reduce((sum, level) => sum + 2 * views * sizeOf(level), 0);
    this.#stored = new StoredImages(join(folder, this.#set), this.#recordBytes);
    this.#session = new LazySession(options.loadGraph);
    this.#keys = samples.map(imageKey);
    const wanted = new Map<string, Sample>();
    for (const [index, key] of this.#keys.entries()) {
      if (!wanted.has(key)) wanted.set(key, samples[index] as Sample);
      this.#copies.set(key, (this.#copies.get(key) ?? 0) + 1);
    }
    this.#wanted = wanted;
  }

  async begin(): Promise<void> {
    await mkdir(this.#options.folder, { recursive: true });
    await this.#mark.write({ shards: [], open: null, reservedBytes: 0 });
  }

  /** Looks at what there is, and claims what is missing and nobody else is at: as much as one shard takes. */
  plan(): Promise<PlannedShard | PlannedMerge | 'complete' | 'wait'> {
    const { folder, signal } = this.#options;
    return withLock(folder, signal, async (now) => {
      const state = await readFolder(folder, now);
      await this.#stored.refresh();
      const others = [...state.marks].flatMap(([path, mark]) =>
        path === this.#mark.path ? [] : [mark],
      );
      await this.#removeNeedless(others);
      const claimed = new Set(others.flatMap((mark) => mark.open?.keys ?? []));
      const missing = [...this.#wanted.keys()].filter((key) => !this.#stored.has(key));
      const free = missing.filter((key) => !claimed.has(key));
      const shards = this.#stored
        .shardsOf(this.#wanted.keys())
        .map((name) => join(this.#set, name));
      // First, so that none of them is evicted for the rest.
      await this.#mark.write({ shards, open: null, reservedBytes: 0 });
      if (missing.length === 0) return (await this.#planMerge(state, others, shards)) ?? 'complete';
      if (free.length === 0) return 'wait';
      const reservedBytes = this.#bytesOf(free.length);
      await this.#makeRoom(await readFolder(folder, now), reservedBytes);
      const keys = free.slice(0, this.#imagesPerShard);
      const path = join(this.#set, randomUUID());
      await this.#mark.write({
        shards,
        open: { path: path + PARTIAL_SUFFIX, keys },
        reservedBytes,
      });
      return { path, samples: keys.map((key) => this.#wanted.get(key) as Sample) };
    });
  }

  /** What was merged and is used by nobody any more. */
  async #removeNeedless(others: readonly LiveMark[]): Promise<void> {
    const used = new Set(others.flatMap(({ shards }) => shards));
    const paths = this.#stored.needless().map((name) => join(this.#set, name));
    const unused = paths.filter((path) => !used.has(path));
    for (const path of unused) await rm(join(this.#options.folder, path), { force: true });
    if (unused.length > 0) await this.#stored.refresh();
  }

  /** @returns null when the shards are few, another trainer merges them, or there is no room. */
  async #planMerge(
    state: FolderState,
    others: readonly LiveMark[],
    shards: readonly string[],
  ): Promise<PlannedMerge | null> {
    const merges = shardsToMerge(this.#stored, this.#imagesPerShard);
    const isMerging = others.some(
      ({ open }) => open !== null && open.keys.length === 0 && dirname(open.path) === this.#set,
    );
    if (!this.#merges || merges.length === 0 || isMerging) return null;
    const images = merges.reduce((sum, name) => sum + this.#stored.keysIn(name).length, 0);
    const reservedBytes = this.#bytesOf(images);
    if (reservedBytes > roomIn(await this.#budget(state))) return null;
    const path = join(this.#set, randomUUID());
    await this.#mark.write({
      shards: [...new Set([...shards, ...merges.map((name) => join(this.#set, name))])],
      open: { path: path + PARTIAL_SUFFIX, keys: [] },
      reservedBytes,
    });
    return { path, merges };
  }

  /** What is there stays as it is when this fails. */
  async merge({ path, merges: shards }: PlannedMerge): Promise<void> {
    const { folder } = this.#options;
    await mergeShards({
      ...{ folder: join(folder, this.#set), stored: this.#stored, recordBytes: this.#recordBytes },
      ...{ shards, partial: join(folder, path + PARTIAL_SUFFIX) },
      merged: join(folder, path + SHARD_SUFFIX),
    }).catch((error: unknown) => {
      this.#merges = false;
      console.error('Small shards of the feature cache were not merged:', error);
    });
  }

  get #imagesPerShard(): number {
    return Math.max(1, Math.floor((this.#options.shardBytes ?? SHARD_BYTES) / this.#recordBytes));
  }

  #bytesOf(images: number): number {
    return bytesOfShards(images, this.#recordBytes, this.#imagesPerShard);
  }

  #budget(state: FolderState): Promise<CacheBudget> {
    return cacheBudget(this.#options.folder, state, this.#options.limitBytes);
  }

  async #makeRoom(state: FolderState, needed: number): Promise<void> {
    const { folder } = this.#options;
    const { taken, reserved, free, limit } = await this.#budget(state);
    const whole = this.#bytesOf(this.#wanted.size);
    if (whole > limit) throw this.noRoom(`the cache may take ${bytesInWords(limit)}`);
    const over = Math.max(taken + reserved + needed - limit, reserved + needed - free);
    const gone = over > 0 ? await evict(folder, state, over) : 0;
    // What is in use stays, so that several trainers together may exceed the bound; never the disk.
    if (reserved + needed - free > gone)
      throw this.noRoom(`the disk has ${bytesInWords(Math.max(0, free + gone - reserved))} left`);
  }

  async fill({ path, samples }: PlannedShard): Promise<void> {
    const { folder, onProgress } = this.#options;
    let done = this.#imagesIn(this.#stored.keysOf(this.#wanted.keys()));
    await onProgress(done);
    await mkdir(join(folder, this.#set), { recursive: true });
    const shard = await ShardWriter.create(join(folder, path + PARTIAL_SUFFIX), this.#recordBytes);
    try {
      const session = await this.#session.get();
      for await (const { samples: batch, halves } of computeFeatures({
        ...this.#options,
        samples,
        session,
      })) {
        for (const [slot, sample] of batch.entries())
          await shard.append(
            imageKey(sample),
            halves.map((values) => imageOf(values, slot, batch.length)),
          );
        done += this.#imagesIn(batch.map(imageKey));
        await this.#mark.keepFresh();
        await onProgress(done);
      }
      // Whole under its name before the claim goes: nobody computes it again in between.
      await shard.seal(join(folder, path + SHARD_SUFFIX));
    } catch (error) {
      await shard.discard();
      // Taken for gone, and taken away, while this process stood still: it is planned again.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  #imagesIn(keys: readonly string[]): number {
    return keys.reduce((sum, key) => sum + (this.#copies.get(key) ?? 0), 0);
  }

  /** @returns null when a shard has gone since it was looked for. */
  async open(): Promise<StoredFeatures | null> {
    const { samples, levels, averagePool = false, views = 1 } = this.#options;
    const places = this.#keys.map((key) => this.#stored.placeOf(key));
    return StoredFeatures.open({
      folder: join(this.#options.folder, this.#set),
      ...{ places, views, levels, averagePool },
      categories: samples.map((sample) => sample.category),
      release: () => this.#mark.remove(),
    });
  }

  /** Nothing more is computed. */
  end(): Promise<void> {
    return this.#session.release();
  }

  abandon(): Promise<void> {
    return this.#mark.remove();
  }

  noRoom(why: string, cause?: unknown): DomainError {
    const { samples, folder } = this.#options;
    const bytes = this.#bytesOf(this.#wanted.size);
    return noRoomError({ images: samples.length, bytes, folder }, why, cause);
  }
}
