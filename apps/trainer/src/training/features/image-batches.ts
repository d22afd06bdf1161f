/** @file Images for graphs that take many at once: those of one shape that follow each other go together. */
import type { Sample } from '@plumbline/contracts';
import type { RgbImage } from '@plumbline/data';
import { type BlobReader, readImage } from './read-image.ts';

/** Images of one shape that go through a graph together. */
const BATCH_SIZE = 8;
/** And the most pixels that they may have together. */
const BATCH_PIXELS = 4_000_000;

/** Of one shape. */
export type ImageBatch = [RgbImage, ...RgbImage[]];

export interface ImageBatchesOptions {
  readonly samples: readonly Sample[];
  readonly blobs: BlobReader;
  readonly signal: AbortSignal;
}

/** Images in order. */
export async function* imageBatches(options: ImageBatchesOptions): AsyncGenerator<ImageBatch> {
  let batch: ImageBatch | null = null;
  for (const sample of options.samples) {
    options.signal.throwIfAborted();
    const image = await readImage(options.blobs, sample);
    if (batch !== null && fits(batch, image)) batch.push(image);
    else {
      if (batch !== null) yield batch;
      batch = [image];
    }
  }
  if (batch !== null) yield batch;
}

function fits(batch: ImageBatch, image: RgbImage): boolean {
  const [first] = batch;
  return (
    batch.length < BATCH_SIZE &&
    first.width === image.width &&
    first.height === image.height &&
    (batch.length + 1) * image.width * image.height <= BATCH_PIXELS
  );
}
