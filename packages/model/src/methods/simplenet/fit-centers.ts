/** @file The centers of a fit, without labels: images whose average features are alike, by k-means, and their means. */
import { reshape } from '@tensorflow/tfjs-core';
import { loadProgram } from '../../eager/load-program.ts';
import { constantParameters, initializeParameters } from '../../nn/parameters.ts';
import { Weights } from '../../nn/weights.ts';
import { float32 } from '../../onnx/index.ts';
import { BATCH } from '../../trace/index.ts';
import { streamsOf } from '../../training/streams.ts';
import { kMeans } from '../k-means.ts';
import type { FeatureSource, FitOptions } from '../method.ts';
import {
  embeddingInputs,
  embedPatches,
  inputTokens,
  type PatchEmbedding,
} from '../patch-embedding.ts';
import type { Centers } from './centers.ts';
import { adapt } from './forward.ts';
import { type SimpleNetSizes, simpleNetParameters } from './parameters.ts';

export interface CenterOptions
  extends Pick<FitOptions, 'seed' | 'categories' | 'executor' | 'signal'> {
  /** Of each category. */
  readonly perCategory: number;
  readonly plan: PatchEmbedding;
  readonly sizes: SimpleNetSizes;
  readonly features: FeatureSource;
  /** The stage whose random numbers are taken. */
  readonly stage: string;
}

export async function fitCenters(options: CenterOptions): Promise<Centers> {
  const { plan, features, seed, stage, perCategory, categories } = options;
  const clusters = Math.min(features.count, perCategory * Math.max(1, categories));
  const points = describeImages(options);
  const random = streamsOf(seed, stage);
  const centerOf = kMeans(points, features.count, clusters, random('centers'));
  const count = 1 + Math.max(...centerOf);
  const means = Array.from({ length: count }, (_, center) =>
    meanTokens(
      options,
      [...centerOf.keys()].filter((image) => centerOf[image] === center),
    ),
  );
  return { count, patches: plan.grid ** 2, values: await adapted(options, means) };
}

/** Each level's mean over its places, divided by its norm: f32 `[images, ΣC]`. */
function describeImages({ plan, features, signal }: CenterOptions): Float32Array {
  const size = plan.levels.reduce((sum, { channels }) => sum + channels, 0);
  const points = new Float32Array(features.count * size);
  let offset = 0;
  for (const [level, { grid, channels }] of plan.levels.entries()) {
    const tokens = new Float32Array(grid ** 2 * channels);
    for (let image = 0; image < features.count; image++) {
      signal?.throwIfAborted();
      features.read(level, Int32Array.of(image), tokens);
      const mean = points.subarray(image * size + offset, image * size + offset + channels);
      for (const [i, value] of tokens.entries()) mean[i % channels]! += value;
      const norm = Math.sqrt(mean.reduce((sum, value) => sum + value * value, 0));
      for (const [i, value] of mean.entries()) mean[i] = value / Math.max(norm, 1e-12);
    }
    offset += channels;
  }
  return points;
}

/** For each level f32 `[1, L, C]`. */
function meanTokens(
  { plan, features, signal }: CenterOptions,
  images: readonly number[],
): Float32Array[] {
  return plan.levels.map(({ grid, channels }, level) => {
    const tokens = new Float32Array(grid ** 2 * channels);
    const sums = new Float64Array(tokens.length);
    for (const image of images) {
      signal?.throwIfAborted();
      features.read(level, Int32Array.of(image), tokens);
      for (const [i, value] of tokens.entries()) sums[i]! += value;
    }
    return Float32Array.from(sums, (value) => value / images.length);
  });
}

/** As the adaptor has them before training: it is linear, so that the mean of adapted images is the adapted mean. */
async function adapted(
  { plan, sizes, seed, stage, executor }: CenterOptions,
  means: readonly (readonly Float32Array[])[],
): Promise<Float32Array> {
  const specs = simpleNetParameters(sizes);
  // Those that training begins with.
  const weights = initializeParameters(specs, streamsOf(seed, stage)('weights'));
  const session = await loadProgram(executor, {
    name: 'simplenet-centers',
    inputs: embeddingInputs(plan),
    batchPlaceholder: BATCH,
    body: (given) => {
      const embedded = embedPatches(inputTokens(given, plan), plan); // [1, P, D]
      const network = new Weights(constantParameters(specs, weights));
      return { centers: adapt(network, reshape(embedded, [-1, plan.size])) };
    },
  });
  const values = new Float32Array(means.length * plan.grid ** 2 * plan.size);
  for (const [center, levels] of means.entries()) {
    const feeds = plan.levels.map(({ grid, channels }, level) => [
      `tokens${level}`,
      float32([1, grid ** 2, channels], levels[level] as Float32Array),
    ]);
    const { centers } = await session.run(Object.fromEntries(feeds));
    values.set(centers?.data as Float32Array, center * plan.grid ** 2 * plan.size);
  }
  await session.release();
  return values;
}
