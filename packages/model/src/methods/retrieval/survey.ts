/** @file The first pass over the training images: the descriptor of each, and the scale of every level. */
import { loadProgram } from '../../eager/load-program.ts';
import { featureBatches } from '../feature-batches.ts';
import type { FitOptions } from '../method.ts';
import { descriptorProgram } from './descriptor.ts';
import type { RetrievalPlan } from './plan.ts';
import { BATCH_SIZE, tokenFeeds } from './read-images.ts';
import { LevelMoments, type LevelScale } from './scale.ts';

export interface Survey {
  /** f32 `[images, E]`. */
  readonly descriptors: Float32Array;
  readonly scales: readonly LevelScale[];
}

/** @param onProgress Awaited with the images done. */
export async function surveyImages(
  options: FitOptions,
  plan: RetrievalPlan,
  onProgress: (done: number) => Promise<void>,
): Promise<Survey> {
  const { count } = options.features;
  const descriptors = new Float32Array(count * plan.descriptorSize);
  const moments = plan.levels.map(({ channels }) => new LevelMoments(channels));
  const session = await loadProgram(options.executor, descriptorProgram(plan));
  let done = 0;
  try {
    const every = Int32Array.from({ length: count }, (_, image) => image);
    for await (const { images, tokens } of featureBatches(options, every, BATCH_SIZE)) {
      for (const [level, moment] of moments.entries()) moment.add(tokens[level] as Float32Array);
      const result = await session.run(tokenFeeds(plan, tokens));
      descriptors.set(result['descriptors']?.data as Float32Array, done * plan.descriptorSize);
      done += images.length;
      await onProgress(done);
    }
  } finally {
    await session.release();
  }
  return { descriptors, scales: moments.map((moment) => moment.scale(plan.distance)) };
}
