/**
 * @file Features of a backbone, computed once for each image and kept on disk as float16: another seed, or one more image,
 * computes what is missing. They lie in shards (`shard-file.ts`) of a folder that is bounded and shared by trainers
 * (`cache-folder.ts`): each computes what no other one is at, and waits for the rest.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DomainError,
  FEATURE_CACHE_BYTES,
  formatValueRange,
  type GraphSession,
  isNoRoom,
  type Sample,
} from '@plumbline/contracts';
import type { FeatureLevel, FeatureSource } from '@plumbline/model';
import {
  evict,
  type FolderState,
  freeBytes,
  PARTIAL_SUFFIX,
  readFolder,
  SHARD_SUFFIX,
} from './cache-folder.ts';
import { Mark, withLock } from './cache-marks.ts';
import { computeFeatures } from './compute-features.ts';
import type { ImageBatchesOptions } from './image-batches.ts';
import { LazySession } from './lazy-session.ts';
import { bytesOfShards, KEY_BYTES, ShardWriter } from './shard-file.ts';
import { StoredFeatures, sizeOf } from './stored-features.ts';
import { StoredImages } from './stored-images.ts';

const WAIT_MS = 500;
/** A shard is closed at so many bytes: what a crash may cost, and what is evicted at once. */
const SHARD_BYTES = 128e6;
/** Bound where none is set: `FEATURE_CACHE_BYTES`, or this share of what the disk could hold. */
const DEFAULT_LIMIT_SHARE = 0.2;

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

/** There is no room for the features of a run. */
export class NoRoomError extends DomainError {}

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
      } else await filling.fill(next);
    }
  } catch (error) {
    await filling.abandon();
    await filling.end();
    if (error instanceof DomainError || !isNoRoom(error)) throw error;
    throw filling.noRoom(`the disk is full: ${size(await freeBytes(options.folder))} left`, error);
  }
}

/** The key of an image among those of one feature graph: the same bytes are other pixels by another range. */
function imageKey({ image, range }: Pick<Sample, 'image' | 'range'>): string {
  const text = range === undefined ? image.sha256 : `${image.sha256} ${formatValueRange(range)}`;
  return createHash('sha256')
    .update(text)
    .digest('hex')
    .slice(0, 2 * KEY_BYTES);
}

/** The images of one shard that is to be made. */
interface PlannedShard {
  /** Within the folder, without a suffix. */
  readonly path: string;
  readonly samples: readonly Sample[];
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
  /** How many samples have a key. */
  readonly #copies = new Map<string, number>();

  constructor(options: FeatureCacheOptions) {
    const { graph, provider, levels, samples, folder } = options;
    this.#options = options;
    this.#mark = new Mark(folder);
    this.#set = createHash('sha256').update(graph).update(provider).digest('hex').slice(0, 32);
    this.#recordBytes = levels.reduce((sum, level) => sum + 2 * sizeOf(level), 0);
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
  plan(): Promise<PlannedShard | 'complete' | 'wait'> {
    const { folder, signal } = this.#options;
    return withLock(folder, signal, async (now) => {
      const state = await readFolder(folder, now);
      await this.#stored.refresh();
      const others = [...state.marks].filter(([path]) => path !== this.#mark.path);
      const claimed = new Set(others.flatMap(([, mark]) => mark.open?.keys ?? []));
      const missing = [...this.#wanted.keys()].filter((key) => !this.#stored.has(key));
      const free = missing.filter((key) => !claimed.has(key));
      const shards = this.#stored
        .shardsOf(this.#wanted.keys())
        .map((name) => join(this.#set, name));
      // First, so that none of them is evicted for the rest.
      await this.#mark.write({ shards, open: null, reservedBytes: 0 });
      if (missing.length === 0) return 'complete';
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

  get #imagesPerShard(): number {
    return Math.max(1, Math.floor((this.#options.shardBytes ?? SHARD_BYTES) / this.#recordBytes));
  }

  #bytesOf(images: number): number {
    return bytesOfShards(images, this.#recordBytes, this.#imagesPerShard);
  }

  async #makeRoom(state: FolderState, needed: number): Promise<void> {
    const { folder, limitBytes } = this.#options;
    const kept = state.shards.reduce((sum, shard) => sum + shard.bytes, 0);
    const taken = kept + state.openBytes;
    const reserved = [...state.marks.values()].reduce((sum, mark) => sum + mark.reservedBytes, 0);
    const free = await freeBytes(folder);
    const limit = limitBytes ?? Math.min(FEATURE_CACHE_BYTES, DEFAULT_LIMIT_SHARE * (free + taken));
    const whole = this.#bytesOf(this.#wanted.size);
    if (whole > limit) throw this.noRoom(`the cache may take ${size(limit)}`);
    const over = Math.max(taken + reserved + needed - limit, reserved + needed - free);
    const gone = over > 0 ? await evict(folder, state, over) : 0;
    // What is in use stays, so that several trainers together may exceed the bound; never the disk.
    if (reserved + needed - free > gone)
      throw this.noRoom(`the disk has ${size(Math.max(0, free + gone - reserved))} left`);
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
    const { samples, levels, averagePool = false } = this.#options;
    const places = this.#keys.map((key) => this.#stored.placeOf(key));
    return StoredFeatures.open({
      folder: join(this.#options.folder, this.#set),
      ...{ places, levels, averagePool },
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

  noRoom(why: string, cause?: unknown): NoRoomError {
    const { samples, folder } = this.#options;
    const bytes = this.#bytesOf(this.#wanted.size);
    return new NoRoomError(
      'UNAVAILABLE',
      `The features of ${samples.length} images take ${size(bytes)}, but ${why} (${folder}).`,
      {
        fix: 'Free disk space, raise PLUMBLINE_FEATURE_CACHE_GB, or choose fewer or coarser feature taps.',
        cause,
      },
    );
  }
}

function imageOf(halves: Uint16Array, slot: number, images: number): Uint8Array {
  const size = halves.length / images;
  return new Uint8Array(halves.buffer, halves.byteOffset + 2 * slot * size, 2 * size);
}

function size(bytes: number): string {
  return bytes < 1e8 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
