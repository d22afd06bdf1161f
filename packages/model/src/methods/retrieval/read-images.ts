/** @file Images in batches, with what the descriptors' program makes of them. */

import type { TensorMap } from '@plumbline/contracts';
import { float32 } from '../../onnx/index.ts';
import type { FitOptions } from '../method.ts';
import type { RetrievalPlan } from './plan.ts';

export const BATCH_SIZE = 8;

/** @returns `tokens0…` f32 `[images, P, C]`. */
export function tokensOf(
  { features }: Pick<FitOptions, 'features'>,
  { levels }: RetrievalPlan,
  images: Int32Array,
): TensorMap {
  return Object.fromEntries(
    levels.map(({ grid, channels }, level) => {
      const tokens = new Float32Array(images.length * grid ** 2 * channels);
      features.read(level, images, tokens);
      return [`tokens${level}`, float32([images.length, grid ** 2, channels], tokens)];
    }),
  );
}

/** Batches of indices from 0 to before `count`. */
export function* batchesOf(images: Int32Array): Generator<Int32Array> {
  for (let start = 0; start < images.length; start += BATCH_SIZE)
    yield images.subarray(start, start + BATCH_SIZE);
}
