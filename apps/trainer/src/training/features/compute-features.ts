/** @file Computes the features of images and writes them as float16, one file a feature level, images in order. */
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { floatToHalf, type GraphSession, imageFeed, type Sample } from '@plumbline/contracts';
import { imageBatches } from './image-batches.ts';
import type { BlobReader } from './read-image.ts';

export interface ComputeFeaturesOptions {
  /** Exists and is empty but for marks. */
  readonly folder: string;
  readonly samples: readonly Sample[];
  readonly levels: number;
  readonly blobs: BlobReader;
  readonly loadGraph: () => Promise<GraphSession>;
  onProgress(done: number): Promise<void>;
  readonly signal: AbortSignal;
}

export function levelFile(level: number): string {
  return `level${level}.f16`;
}

/** Whatever ends it early leaves the files incomplete: the folder is then of no use. */
export async function computeFeatures(options: ComputeFeaturesOptions): Promise<void> {
  const session = await options.loadGraph();
  const files: FileHandle[] = [];
  try {
    for (let level = 0; level < options.levels; level++)
      files.push(await open(join(options.folder, levelFile(level)), 'w'));
    let done = 0;
    for await (const batch of imageBatches(options)) {
      const result = await session.run(imageFeed(batch));
      for (const [level, file] of files.entries())
        await file.writeFile(toHalves(result[`tokens${level}`]?.data as Float32Array));
      done += batch.length;
      await options.onProgress(done);
    }
    for (const file of files) await file.sync();
  } finally {
    await Promise.all(files.map((file) => file.close()));
    await session.release();
  }
}

function toHalves(values: Float32Array): Uint8Array {
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) halves[i] = floatToHalf(values[i]!);
  return new Uint8Array(halves.buffer);
}
