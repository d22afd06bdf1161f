/** @file Features that lie in shards, read by slices. */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { HALF_TO_FLOAT } from '@plumbline/contracts';
import { averageNeighbors, type FeatureLevel, type FeatureSource } from '@plumbline/model';
import { touch } from './cache-marks.ts';
import type { StoredPlace } from './stored-images.ts';

/** Numbers of an image, or a view of it, at a level. */
export function sizeOf({ grid, channels }: Pick<FeatureLevel, 'grid' | 'channels'>): number {
  return grid ** 2 * channels;
}

/** For each view what is given for each image. */
export function ofViews<T>(images: readonly T[], views: number): readonly T[] {
  return views === 1 ? images : images.flatMap((one) => new Array<T>(views).fill(one));
}

export interface StoredFeaturesOptions {
  /** Of the shards. */
  readonly folder: string;
  /** Of each image. */
  readonly places: readonly StoredPlace[];
  /** Of each image, which follow each other in its record and here. */
  readonly views: number;
  readonly levels: readonly FeatureLevel[];
  /** Whether each feature vector is averaged with its neighbors as it is read: the shards hold them as they are. */
  readonly averagePool: boolean;
  /** Of each image. */
  readonly categories: readonly string[];
  release(): Promise<void>;
}

export class StoredFeatures implements FeatureSource {
  readonly count: number;
  readonly categories: readonly string[];
  readonly #options: StoredFeaturesOptions;
  /** By name. */
  readonly #files: ReadonlyMap<string, number>;
  readonly #buffers: Uint16Array[];
  /** For pooling. */
  readonly #room: Float32Array;
  /** Bytes before each level in a record, and of all of it. */
  readonly #offsets: readonly number[];
  readonly #recordBytes: number;

  private constructor(options: StoredFeaturesOptions, files: ReadonlyMap<string, number>) {
    this.#options = options;
    this.#files = files;
    this.count = options.places.length * options.views;
    this.categories = ofViews(options.categories, options.views);
    this.#buffers = options.levels.map((level) => new Uint16Array(sizeOf(level)));
    const largest = Math.max(...options.levels.map(sizeOf));
    this.#room = new Float32Array(options.averagePool ? largest : 0);
    let bytes = 0;
    this.#offsets = options.levels.map((level) => {
      const own = 2 * sizeOf(level) * options.views;
      bytes += own;
      return bytes - own;
    });
    this.#recordBytes = bytes;
  }

  /** @returns null when a shard is gone. */
  static async open(options: StoredFeaturesOptions): Promise<StoredFeatures | null> {
    const files = new Map<string, number>();
    try {
      for (const { shard } of options.places)
        if (!files.has(shard)) files.set(shard, openSync(join(options.folder, shard), 'r'));
    } catch (error) {
      for (const file of files.values()) closeSync(file);
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
    for (const shard of files.keys()) await touch(join(options.folder, shard));
    return new StoredFeatures(options, files);
  }

  read(level: number, images: Int32Array, out: Float32Array): void {
    const { places, levels, averagePool, views } = this.#options;
    const size = sizeOf(levels[level]!);
    const buffer = this.#buffers[level]!;
    for (let slot = 0; slot < images.length; slot++) {
      const image = Math.floor(images[slot]! / views);
      const { shard, index } = places[image]!;
      const view = images[slot]! - image * views;
      const position = index * this.#recordBytes + this.#offsets[level]! + 2 * size * view;
      const bytes = readSync(this.#files.get(shard)!, buffer, 0, 2 * size, position);
      if (bytes !== 2 * size)
        throw new Error('A shard of the feature cache was cut short; delete it and train again.');
      const target = slot * size;
      for (let i = 0; i < size; i++) out[target + i] = HALF_TO_FLOAT[buffer[i]!]!;
      if (averagePool)
        averageNeighbors(out.subarray(target, target + size), levels[level]!, this.#room);
    }
  }

  async close(): Promise<void> {
    for (const [shard, file] of this.#files) {
      closeSync(file);
      await touch(join(this.#options.folder, shard));
    }
    await this.#options.release();
  }
}
