/** @file Images for graphs that take many at once: those of one shape that follow each other go together. */
import type { Sample, TensorValue } from '@plumbline/contracts';
import { type BlobStore, decodeSample, type RgbImage } from '@plumbline/data';

/** Images of one shape that go through a graph together. */
const BATCH_SIZE = 8;
/** And the most pixels that they may have together. */
const BATCH_PIXELS = 4_000_000;

export interface ImageBatchesOptions {
  readonly samples: readonly Sample[];
  readonly blobs: Pick<BlobStore, 'read'>;
  readonly signal: AbortSignal;
}

/** Images in order. */
export async function* imageBatches(options: ImageBatchesOptions): AsyncGenerator<RgbImage[]> {
  let batch: RgbImage[] = [];
  for (const sample of options.samples) {
    options.signal.throwIfAborted();
    const bytes = await options.blobs.read(sample.image.sha256);
    const image = await decodeSample(bytes, sample);
    if (batch.length > 0 && !fits(batch, image)) {
      yield batch;
      batch = [];
    }
    batch.push(image);
  }
  if (batch.length > 0) yield batch;
}

function fits(batch: readonly RgbImage[], image: RgbImage): boolean {
  const [first] = batch;
  return (
    first !== undefined &&
    batch.length < BATCH_SIZE &&
    first.width === image.width &&
    first.height === image.height &&
    (batch.length + 1) * image.width * image.height <= BATCH_PIXELS
  );
}

/** uint8 `[N, height, width, 3]` of images of one shape. */
export function stackImages(batch: readonly RgbImage[]): TensorValue {
  const [{ height, width }] = batch as readonly [RgbImage];
  const data = new Uint8Array(batch.length * height * width * 3);
  for (const [index, image] of batch.entries()) data.set(image.data, index * height * width * 3);
  return { dtype: 'uint8', shape: [batch.length, height, width, 3], data };
}
