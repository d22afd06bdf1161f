/** @file The features of images as the programs here take them. */
import { HALF_TO_FLOAT, type TensorMap, toHalves } from '@plumbline/contracts';
import { float32 } from '../../onnx/index.ts';
import { type FeatureBatch, featureBatches } from '../feature-batches.ts';
import type { FitOptions } from '../method.ts';
import type { RetrievalPlan } from './plan.ts';

/** Images that are read at once. */
export const BATCH_SIZE = 8;

/** Some images in their order, as the bank stores them: an image is the same whether it is read or stored. */
export async function* halfBatches(
  options: Pick<FitOptions, 'features' | 'levels' | 'signal'>,
  images: Int32Array,
): AsyncGenerator<FeatureBatch> {
  for await (const batch of featureBatches(options, images, BATCH_SIZE)) {
    for (const values of batch.tokens) {
      const halves = toHalves(values);
      for (let i = 0; i < halves.length; i++) values[i] = HALF_TO_FLOAT[halves[i]!]!;
    }
    yield batch;
  }
}

/** @param tokens For each level f32 `[N, P, C]`. @returns The same as `tokens0…`. */
export function tokenFeeds({ levels }: RetrievalPlan, tokens: readonly Float32Array[]): TensorMap {
  return Object.fromEntries(
    levels.map(({ grid, channels }, level) => {
      const values = tokens[level] as Float32Array;
      const images = values.length / (grid ** 2 * channels);
      return [`tokens${level}`, float32([images, grid ** 2, channels], values)];
    }),
  );
}
