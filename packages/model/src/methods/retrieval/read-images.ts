/** @file The features of images as the programs here take them. */
import type { TensorMap } from '@plumbline/contracts';
import { float32 } from '../../onnx/index.ts';
import type { RetrievalPlan } from './plan.ts';

/** Images that are read at once. */
export const BATCH_SIZE = 8;

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
