/** @file How methods read the features of images: batch after batch, or any at any time. */
import type { FeatureSource, Features, FitOptions } from './method.ts';

export interface FeatureBatch {
  readonly images: Int32Array;
  /** For each level f32 `[images, grid², channels]`, valid until the next batch. */
  readonly tokens: readonly Float32Array[];
}

/** Some images in their order, be their features kept or computed as they are read. */
export async function* featureBatches(
  { features, levels, signal }: Pick<FitOptions, 'features' | 'levels' | 'signal'>,
  images: Int32Array,
  size: number,
): AsyncGenerator<FeatureBatch> {
  let start = 0;
  const next = () => images.subarray(start, start + size);
  if (!('read' in features)) {
    for await (const tokens of features.batches(images, size)) {
      signal?.throwIfAborted();
      yield { images: next(), tokens };
      start += size;
    }
    return;
  }
  const sizes = levels.map(({ grid, channels }) => grid ** 2 * channels);
  const room = sizes.map((each) => new Float32Array(Math.min(size, images.length) * each));
  for (; start < images.length; start += size) {
    signal?.throwIfAborted();
    const batch = next();
    const tokens = room.map((values, level) => values.subarray(0, batch.length * sizes[level]!));
    for (const [level, values] of tokens.entries()) features.read(level, batch, values);
    yield { images: batch, tokens };
  }
}

/** For methods of random access: whoever plans a fit keeps the features for them. */
export function keptFeatures(features: Features): FeatureSource {
  if ('read' in features) return features;
  throw new Error('A method of random access was given a stream of features');
}
