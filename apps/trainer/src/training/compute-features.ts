/** @file Computes the features of images and writes them as float16, one file a feature level, images in order. */
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { floatToHalf, type GraphSession, type Sample } from '@plumbline/contracts';
import { type BlobStore, decodeImage, type RgbImage } from '@plumbline/data';

/** Images of one shape that go through the backbone together. */
const BATCH_SIZE = 8;
/** And the most pixels that they may have together. */
const BATCH_PIXELS = 4_000_000;

export interface ComputeFeaturesOptions {
  /** Exists and is empty but for marks. */
  readonly folder: string;
  readonly samples: readonly Sample[];
  readonly levels: number;
  readonly blobs: BlobStore;
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
    for await (const batch of batches(options)) {
      const result = await session.run({ image: stack(batch) });
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

/** Images in order, those of one shape that follow each other together. */
async function* batches(options: ComputeFeaturesOptions): AsyncGenerator<RgbImage[]> {
  let batch: RgbImage[] = [];
  for (const sample of options.samples) {
    options.signal.throwIfAborted();
    const bytes = await options.blobs.read(sample.image.sha256);
    const image = await decodeImage(bytes, sample.path);
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

function stack(batch: readonly RgbImage[]) {
  const [{ height, width }] = batch as readonly [RgbImage];
  const data = new Uint8Array(batch.length * height * width * 3);
  for (const [index, image] of batch.entries()) data.set(image.data, index * height * width * 3);
  return { dtype: 'uint8' as const, shape: [batch.length, height, width, 3], data };
}

function toHalves(values: Float32Array): Uint8Array {
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) halves[i] = floatToHalf(values[i]!);
  return new Uint8Array(halves.buffer);
}
