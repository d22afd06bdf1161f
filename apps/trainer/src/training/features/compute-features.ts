/** @file Computes the features of images as float16, a batch at a time, and decodes the next batch meanwhile. */
import { type GraphSession, imageFeed, type Sample, toHalves } from '@plumbline/contracts';
import { imageBatches } from './image-batches.ts';
import type { BlobReader } from './read-image.ts';

export interface ComputeFeaturesOptions {
  readonly samples: readonly Sample[];
  readonly levels: readonly unknown[];
  readonly blobs: BlobReader;
  /** What runs the graph: how many images it takes at once goes by it. */
  readonly provider: string;
  /** Loaded when the first image is to be computed. */
  readonly loadGraph: () => Promise<GraphSession>;
  readonly signal: AbortSignal;
  /** @param levels Halves of each level, `[batch.length, grid², channels]`. */
  onBatch(batch: readonly Sample[], levels: readonly Uint16Array[]): Promise<void>;
}

export async function computeFeatures(options: ComputeFeaturesOptions): Promise<void> {
  const session = await options.loadGraph();
  try {
    for await (const { images, samples } of imageBatches(options)) {
      const result = await session.run(imageFeed(images));
      const levels = options.levels.map((_, level) => halvesOf(result[`tokens${level}`]?.data));
      await options.onBatch(samples, levels);
    }
  } finally {
    await session.release();
  }
}

function halvesOf(values: unknown): Uint16Array {
  if (values instanceof Uint16Array) return values;
  if (values instanceof Float32Array) return toHalves(values);
  throw new Error('The feature graph has no output for a level');
}
