/** @file What a step of SimpleNet is fed: the tokens of some images, and noise for each of their patches. */
import type { TensorMap } from '@plumbline/contracts';
import type { RandomStream } from '../../nn/random.ts';
import { fillTabledNormal } from '../../nn/tabled-normal.ts';
import { float32 } from '../../onnx/index.ts';
import type { TracedInput } from '../../trace/index.ts';
import type { FeatureSource } from '../method.ts';
import type { PatchEmbedding } from '../patch-embedding.ts';

/** `tokens0…` f32 `[N, L, C]`, `noise` f32 `[N·P, D]`. */
export function noisyInputs(plan: PatchEmbedding, batchSize: number): Record<string, TracedInput> {
  const tokens = plan.levels.map(({ grid, channels }, level): [string, TracedInput] => [
    `tokens${level}`,
    { shape: [batchSize, grid ** 2, channels] },
  ]);
  const noise = { shape: [batchSize * plan.grid ** 2, plan.size] };
  return { ...Object.fromEntries(tokens), noise };
}

/** Fills arrays that stay the same: a step is done with them before the next. */
export function noisyFeeds(
  plan: PatchEmbedding,
  features: FeatureSource,
  batchSize: number,
): (images: Int32Array, random: RandomStream) => TensorMap {
  const feeds = Object.entries(noisyInputs(plan, batchSize)).map(([name, { shape }]) => {
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
    return { name, values, tensor: float32(shape, values) };
  });
  return (images, random) => {
    for (const [index, { name, values }] of feeds.entries())
      if (name === 'noise') fillTabledNormal(random, values);
      else features.read(index, images, values);
    return Object.fromEntries(feeds.map(({ name, tensor }) => [name, tensor]));
  };
}
