/** @file The mean of the training images' latents, which images are compared with. */
import type { Executor } from '@plumbline/contracts';
import { loadProgram } from '../../eager/index.ts';
import type { Trained } from '../../training/trainable.ts';
import type { FeatureSource } from '../method.ts';
import { tokenFeeds } from '../step-feeds.ts';
import type { PyramidFlow } from './parameters.ts';
import { latentsProgram } from './score.ts';

/** @returns For each level f32 `[side², C]`, finest first. */
export async function meanLatents(
  executor: Executor,
  flow: PyramidFlow,
  fitted: Pick<Trained, 'weights' | 'buffers'>,
  features: FeatureSource,
): Promise<Float32Array[]> {
  const session = await loadProgram(executor, latentsProgram(flow, fitted));
  const feed = tokenFeeds([flow], features, 1);
  const sums = Array.from(
    { length: flow.pyramidLevels },
    (_, level) => new Float64Array((flow.grid >> level) ** 2 * flow.channels),
  );
  for (let image = 0; image < features.count; image++) {
    const found = await session.run(feed(Int32Array.of(image)));
    for (const [level, sum] of sums.entries()) {
      const values = found[`latents${level}`]?.data as Float32Array;
      for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
    }
  }
  await session.release();
  return sums.map((sum) => Float32Array.from(sum, (value) => value / features.count));
}
