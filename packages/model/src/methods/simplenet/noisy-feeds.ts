/** @file What a step of SimpleNet is fed: the tokens of some images, and noise for each of their patches. */
import type { TensorMap } from '@plumbline/contracts';
import type { RandomStream } from '../../nn/random.ts';
import { fillTabledNormal } from '../../nn/tabled-normal.ts';
import type { TracedInput } from '../../trace/index.ts';
import type { FeatureSource } from '../method.ts';
import type { PatchEmbedding } from '../patch-embedding.ts';
import { readTokens, stepFeeds, tokenInputs } from '../step-feeds.ts';

/** `tokens0…` f32 `[N, L, C]`, `noise` f32 `[N·P, D]`. */
export function noisyInputs(plan: PatchEmbedding, batchSize: number): Record<string, TracedInput> {
  const noise = { shape: [batchSize * plan.grid ** 2, plan.size] };
  return { ...tokenInputs(plan.levels, batchSize), noise };
}

export function noisyFeeds(
  plan: PatchEmbedding,
  features: FeatureSource,
  batchSize: number,
): (images: Int32Array, random: RandomStream) => TensorMap {
  const read = readTokens(features);
  const feed = stepFeeds<{ images: Int32Array; random: RandomStream }>(
    noisyInputs(plan, batchSize),
    (name, { images, random }, out) => {
      if (name === 'noise') fillTabledNormal(random, out);
      else read(name, images, out);
    },
  );
  return (images, random) => feed({ images, random });
}
