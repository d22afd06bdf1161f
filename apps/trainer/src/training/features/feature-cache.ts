/**
 * @file Features of a backbone, computed once and kept on disk as float16, one file a feature level, read by slices.
 * The folder is bounded, and safe for several trainers: see `cache-entries.ts`.
 */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { mkdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DomainError,
  formatValueRange,
  type GraphSession,
  halfToFloat,
  type Sample,
} from '@plumbline/contracts';
import type { FeatureLevel, FeatureSource } from '@plumbline/model';
import {
  claimEntry,
  evictTo,
  type Hold,
  holdEntry,
  listEntries,
  publishEntry,
  refreshClaim,
  remove,
} from './cache-entries.ts';
import { computeFeatures, levelFile } from './compute-features.ts';
import type { BlobReader } from './read-image.ts';

/** All 65,536 halves as numbers: a look-up is ten times faster than the conversion. */
const HALF_TO_FLOAT = Float32Array.from({ length: 65536 }, (_, half) => halfToFloat(half));
const WAIT_MS = 500;
const REFRESH_MS = 5_000;
/** Bound where none is set: so many bytes, or this share of what the disk could hold. */
const DEFAULT_LIMIT_BYTES = 20e9;
const DEFAULT_LIMIT_SHARE = 0.2;
/** What the system says when a file can't grow. */
const NO_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

export interface FeatureCacheOptions {
  /** Folder of all entries. */
  readonly folder: string;
  /** Most that the folder may take; 20 GB or a fifth of the free disk, whichever is less, when null. */
  readonly limitBytes: number | null;
  /** Bytes of the graph that computes the features: it stands for backbone, taps and preprocessing. */
  readonly graph: Uint8Array;
  /** What computes them: another provider rounds differently. */
  readonly provider: string;
  readonly samples: readonly Sample[];
  readonly levels: readonly FeatureLevel[];
  readonly blobs: BlobReader;
  readonly loadGraph: () => Promise<GraphSession>;
  /** @param done Images; null while another trainer computes the same. */
  onProgress(done: number | null): Promise<void>;
  readonly signal: AbortSignal;
}

export interface CachedFeatures extends FeatureSource {
  close(): Promise<void>;
}

/** @throws DomainError when there is no room for them. */
export async function openFeatureCache(options: FeatureCacheOptions): Promise<CachedFeatures> {
  const key = createHash('sha256').update(options.graph).update(options.provider);
  for (const { image, range } of options.samples) {
    key.update(image.sha256);
    // The same bytes are other pixels by another range.
    if (range !== undefined) key.update(formatValueRange(range));
  }
  const entry = join(options.folder, key.digest('hex').slice(0, 32));
  for (;;) {
    options.signal.throwIfAborted();
    const features = await openEntry(options, entry);
    if (features !== null) return features;
    const partial = await claimEntry(entry);
    if (partial === null) {
      await options.onProgress(null);
      await sleep(WAIT_MS, undefined, { signal: options.signal });
      continue;
    }
    try {
      // Published by another trainer just before the claim.
      if (existsSync(entry)) {
        await remove(partial);
        continue;
      }
      await makeRoom(options);
      await fillEntry(options, partial);
    } catch (error) {
      await remove(partial);
      throw isNoRoom(error) ? noRoom(options, 'the disk is full', error) : error;
    }
    await publishEntry(partial, entry);
  }
}

/** @returns null when there is no such entry; one that is not whole is taken away. */
async function openEntry(
  options: FeatureCacheOptions,
  entry: string,
): Promise<CachedFeatures | null> {
  const hold = await holdEntry(entry);
  if (hold === null) return null;
  const sizes = options.levels.map((level) => level.grid ** 2 * level.channels);
  const files: number[] = [];
  try {
    for (const [level, size] of sizes.entries()) {
      const file = openSync(join(entry, levelFile(level)), 'r');
      files.push(file);
      if (fstatSync(file).size !== 2 * size * options.samples.length) throw new Error('not whole');
    }
  } catch {
    for (const file of files) closeSync(file);
    await hold.release();
    await remove(entry);
    return null;
  }
  const categories = options.samples.map((sample) => sample.category);
  return new FolderFeatures(files, sizes, categories, hold);
}

function bytesOf({ levels, samples }: FeatureCacheOptions): number {
  const perImage = levels.reduce((sum, level) => sum + 2 * level.grid ** 2 * level.channels, 0);
  return perImage * samples.length;
}

async function makeRoom(options: FeatureCacheOptions): Promise<void> {
  const needed = bytesOf(options);
  await mkdir(options.folder, { recursive: true });
  const limit = options.limitBytes ?? (await defaultLimit(options.folder));
  if (needed > limit) throw noRoom(options, `the cache may take ${gigabytes(limit)}`);
  await evictTo(options.folder, limit - needed);
  if ((await freeBytes(options.folder)) < needed) await evictTo(options.folder, 0);
  const free = await freeBytes(options.folder);
  if (free < needed) throw noRoom(options, `the disk has ${gigabytes(free)} left`);
}

async function defaultLimit(folder: string): Promise<number> {
  // With what it takes already, so that the bound does not shrink as the cache fills.
  const used = (await listEntries(folder)).reduce((sum, { bytes }) => sum + bytes, 0);
  return Math.min(DEFAULT_LIMIT_BYTES, DEFAULT_LIMIT_SHARE * ((await freeBytes(folder)) + used));
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

async function fillEntry(options: FeatureCacheOptions, partial: string): Promise<void> {
  let refreshedAt = Date.now();
  await computeFeatures({
    folder: partial,
    samples: options.samples,
    levels: options.levels.length,
    blobs: options.blobs,
    loadGraph: options.loadGraph,
    signal: options.signal,
    onProgress: async (done) => {
      if (Date.now() - refreshedAt > REFRESH_MS) {
        await refreshClaim(partial);
        refreshedAt = Date.now();
      }
      await options.onProgress(done);
    },
  });
}

function isNoRoom(error: unknown): boolean {
  return error instanceof Error && NO_ROOM.has((error as NodeJS.ErrnoException).code ?? '');
}

function noRoom(options: FeatureCacheOptions, why: string, cause?: unknown): DomainError {
  return new DomainError(
    'UNAVAILABLE',
    `The features of ${options.samples.length} images take ${gigabytes(bytesOf(options))}, but ${why} (${options.folder}).`,
    {
      fix: 'Free disk space, raise PLUMBLINE_FEATURE_CACHE_GB, or choose fewer or coarser feature taps.',
      cause,
    },
  );
}

function gigabytes(bytes: number): string {
  return bytes < 1e8 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

class FolderFeatures implements CachedFeatures {
  readonly count: number;
  readonly categories: readonly string[];
  readonly #files: readonly number[];
  readonly #sizes: readonly number[];
  readonly #buffers: Uint16Array[];
  readonly #hold: Hold;

  constructor(
    files: readonly number[],
    sizes: readonly number[],
    categories: readonly string[],
    hold: Hold,
  ) {
    this.count = categories.length;
    this.categories = categories;
    this.#files = files;
    this.#sizes = sizes;
    this.#buffers = sizes.map((size) => new Uint16Array(size));
    this.#hold = hold;
  }

  read(level: number, images: Int32Array, out: Float32Array): void {
    const file = this.#files[level]!;
    const size = this.#sizes[level]!;
    const buffer = this.#buffers[level]!;
    for (let slot = 0; slot < images.length; slot++) {
      const bytes = readSync(file, buffer, 0, size * 2, images[slot]! * size * 2);
      if (bytes !== size * 2)
        throw new Error(
          `The feature cache is shorter than its ${this.count} images; delete it and train again.`,
        );
      const target = slot * size;
      for (let i = 0; i < size; i++) out[target + i] = HALF_TO_FLOAT[buffer[i]!]!;
    }
  }

  async close(): Promise<void> {
    for (const file of this.#files) closeSync(file);
    await this.#hold.release();
  }
}
