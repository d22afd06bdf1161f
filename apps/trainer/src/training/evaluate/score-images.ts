/** @file Scores images with the exported graph, in batches, and decodes the next ones meanwhile. */
import {
  type GraphSession,
  type IgnoreMasks,
  ignoreNumbers,
  imageFeed,
  type Sample,
  type TensorMap,
} from '@plumbline/contracts';
import { imageBatches } from '../features/image-batches.ts';
import type { BlobReader } from '../features/read-image.ts';

/** What images are scored with. */
export interface ImageScorer {
  /** The exported graph. */
  readonly session: GraphSession;
  /** What runs it. */
  readonly provider: string;
  /** Images that it is given at once, at most. */
  readonly batchSize: number;
  /** Regions that it ignores, each image those of its category. */
  readonly ignore: IgnoreMasks | null;
}

export interface ImageScore {
  readonly imageScore: number;
  /** f32 `[size, size]`, row-major; a copy. */
  readonly anomalyMap: Float32Array;
  /** Null when the graph has no such output. */
  readonly categoryDescriptor: Float32Array | null;
}

export interface ScoredSample extends ImageScore {
  readonly sample: Sample;
}

export interface ScoreImagesOptions {
  readonly scorer: ImageScorer;
  /** Those of one shape that follow each other go together: `byShape`. */
  readonly samples: readonly Sample[];
  readonly blobs: BlobReader;
  readonly signal: AbortSignal;
}

/** In the order of the samples. */
export async function* scoreImages(options: ScoreImagesOptions): AsyncGenerator<ScoredSample> {
  const { scorer, ...source } = options;
  const { session, provider, batchSize, ignore } = scorer;
  for await (const { samples, images } of imageBatches({ ...source, provider, batchSize })) {
    const result = await session.run(imageFeed(images, ignoreNumbers(ignore, samples)));
    const scores = scoresOf(result, samples.length);
    for (const [index, sample] of samples.entries())
      yield { sample, ...(scores[index] as ImageScore) };
  }
}

/** @param count Images that the graph was given. */
export function scoresOf(result: TensorMap, count: number): ImageScore[] {
  const part = (name: string, index: number) => {
    const values = result[name]?.data as Float32Array | undefined;
    const size = (values?.length ?? 0) / count;
    return values?.slice(index * size, (index + 1) * size) ?? null;
  };
  return Array.from({ length: count }, (_, index) => ({
    imageScore: part('image_score', index)?.[0] ?? Number.NaN,
    anomalyMap: part('anomaly_map', index) ?? new Float32Array(),
    categoryDescriptor: part('category_descriptor', index),
  }));
}
