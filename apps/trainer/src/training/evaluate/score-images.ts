/** @file Scores images with the exported graph: what is evaluated is what will be served. */
import { type GraphSession, imageFeed, type Sample } from '@plumbline/contracts';
import { type BlobStore, decodeSample } from '@plumbline/data';

export interface ImageScore {
  readonly imageScore: number;
  /** f32 `[size, size]`, row-major. */
  readonly anomalyMap: Float32Array;
  /** Null when the graph has no such output. */
  readonly categoryDescriptor: Float32Array | null;
  /** Decoding, resize, network and post-processing, milliseconds. */
  readonly milliseconds: number;
}

export async function scoreImage(
  session: GraphSession,
  blobs: BlobStore,
  sample: Sample,
): Promise<ImageScore> {
  const bytes = await blobs.read(sample.image.sha256);
  const start = performance.now();
  const image = await decodeSample(bytes, sample);
  const result = await session.run(imageFeed([image]));
  const milliseconds = performance.now() - start;
  const descriptor = result['category_descriptor'];
  return {
    imageScore: Number(result['image_score']?.data[0]),
    anomalyMap: Float32Array.from(result['anomaly_map']?.data as Float32Array),
    categoryDescriptor:
      descriptor === undefined ? null : Float32Array.from(descriptor.data as Float32Array),
    milliseconds,
  };
}

/** The p-quantile of the values by linear interpolation, p in [0, 1]. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * p;
  const low = sorted[Math.floor(position)] ?? Number.NaN;
  const high = sorted[Math.ceil(position)] ?? Number.NaN;
  return low + (high - low) * (position - Math.floor(position));
}
