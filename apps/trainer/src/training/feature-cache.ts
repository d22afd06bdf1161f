/**
 * @file Features of a backbone, computed once and kept on disk as float16, one file a feature level, read by slices.
 * An entry appears under its name only when it is complete.
 */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { GraphSession, Sample } from '@plumbline/contracts';
import { type BlobStore, decodeImage } from '@plumbline/data';
import { type FeatureLevel, type FeatureSource, floatToHalf, halfToFloat } from '@plumbline/model';

/** All 65,536 halves as numbers: a look-up is ten times faster than the conversion. */
const HALF_TO_FLOAT = Float32Array.from({ length: 65536 }, (_, half) => halfToFloat(half));

export interface FeatureCacheOptions {
  /** Folder of all entries. */
  readonly folder: string;
  /** Bytes of the graph that computes the features: it stands for backbone, taps and preprocessing. */
  readonly graph: Uint8Array;
  readonly samples: readonly Sample[];
  readonly levels: readonly FeatureLevel[];
  readonly blobs: BlobStore;
  readonly loadGraph: () => Promise<GraphSession>;
  onProgress(done: number): Promise<void>;
  readonly signal: AbortSignal;
}

export interface CachedFeatures extends FeatureSource {
  close(): void;
}

export async function openFeatureCache(options: FeatureCacheOptions): Promise<CachedFeatures> {
  const key = createHash('sha256').update(options.graph);
  for (const sample of options.samples) key.update(sample.image.sha256);
  const entry = join(options.folder, key.digest('hex').slice(0, 32));
  if (!existsSync(entry)) await computeEntry(options, entry);
  return new FolderFeatures(
    entry,
    options.levels,
    options.samples.map((sample) => sample.category),
  );
}

async function computeEntry(options: FeatureCacheOptions, entry: string): Promise<void> {
  const partial = `${entry}.${process.pid}`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  const session = await options.loadGraph();
  const files = await Promise.all(
    options.levels.map((_, level) => open(join(partial, levelFile(level)), 'w')),
  );
  try {
    for (const [index, sample] of options.samples.entries()) {
      options.signal.throwIfAborted();
      const image = await decodeImage(await options.blobs.read(sample.image.sha256), sample.path);
      const shape = [1, image.height, image.width, 3];
      const result = await session.run({ image: { dtype: 'uint8', shape, data: image.data } });
      for (const [level, file] of files.entries())
        await file.write(toHalves(result[`tokens${level}`]?.data as Float32Array));
      await options.onProgress(index + 1);
    }
    for (const file of files) await file.sync();
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  } finally {
    await Promise.all(files.map((file) => file.close()));
    await session.release();
  }
  await mkdir(dirname(entry), { recursive: true });
  // Another trainer may have been faster: then its entry is as good as ours.
  await rename(partial, entry).catch(() => rm(partial, { recursive: true, force: true }));
}

function levelFile(level: number): string {
  return `level${level}.f16`;
}

function toHalves(values: Float32Array): Uint8Array {
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) halves[i] = floatToHalf(values[i]!);
  return new Uint8Array(halves.buffer);
}

class FolderFeatures implements CachedFeatures {
  readonly count: number;
  readonly categories: readonly string[];
  readonly #files: number[];
  readonly #sizes: number[];
  readonly #buffers: Uint16Array[];

  constructor(entry: string, levels: readonly FeatureLevel[], categories: readonly string[]) {
    this.count = categories.length;
    this.categories = categories;
    this.#sizes = levels.map((level) => level.grid ** 2 * level.channels);
    this.#files = levels.map((_, level) => openSync(join(entry, levelFile(level)), 'r'));
    this.#buffers = this.#sizes.map((size) => new Uint16Array(size));
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

  close(): void {
    for (const file of this.#files) closeSync(file);
  }
}
