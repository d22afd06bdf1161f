/** @file The largest density of training images, which scores are measured from in place of the released maximum over the test split. */
import type { Executor } from '@plumbline/contracts';
import { loadProgram } from '../../eager/load-program.ts';
import { float32 } from '../../onnx/index.ts';
import type { FeatureSource } from '../method.ts';
import { densityProgram, type FittedFlow } from './score.ts';

/** Evenly spread ones: each costs as much as an answer. */
const MOST_IMAGES = 500;
const AT_ONCE = 4;

export interface LargestDensityOptions {
  readonly executor: Executor;
  readonly features: FeatureSource;
  /** Index of the flow's level. */
  readonly level: number;
  readonly signal?: AbortSignal | undefined;
}

/** Log p by channel. @throws the signal's reason. */
export async function largestDensity(
  fitted: FittedFlow,
  { executor, features, level, signal }: LargestDensityOptions,
): Promise<number> {
  const { grid, channels } = fitted.level;
  const count = Math.min(features.count, MOST_IMAGES);
  const images = Int32Array.from({ length: count }, (_, i) =>
    Math.floor((i * features.count) / count),
  );
  const session = await loadProgram(executor, densityProgram(fitted));
  let largest = Number.NEGATIVE_INFINITY;
  try {
    for (let start = 0; start < count; start += AT_ONCE) {
      signal?.throwIfAborted();
      const batch = images.subarray(start, start + AT_ONCE);
      const tokens = new Float32Array(batch.length * grid ** 2 * channels);
      features.read(level, batch, tokens);
      const { densities } = await session.run({
        tokens: float32([batch.length, grid ** 2, channels], tokens),
      });
      const values = densities?.data as Float32Array;
      for (const value of values) largest = Math.max(largest, value);
    }
  } finally {
    await session.release();
  }
  return largest;
}
