/** @file The centers of a fit, without labels: images whose average features are alike, by k-means, and their means. */
import { reshape } from '@tensorflow/tfjs-core';
import { loadProgram } from '../../eager/load-program.ts';
import { constantParameters, initializeParameters } from '../../nn/parameters.ts';
import { Weights } from '../../nn/weights.ts';
import { float32 } from '../../onnx/index.ts';
import { BATCH } from '../../trace/index.ts';
import { streamsOf } from '../../training/streams.ts';
import { type CenterMaps, centerMaps } from '../center-maps.ts';
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
  const { plan, features, seed, stage, perCategory, categories, signal } = options;
  const { levels } = plan;
  const maps = centerMaps({
    ...{ levels, features, signal, clusters: perCategory * categories },
    random: streamsOf(seed, stage)('centers'),
  });
  return { count: maps.count, patches: plan.grid ** 2, values: await adapted(options, maps) };
}

/** As the adaptor has them before training: it is linear, so that the mean of adapted images is the adapted mean. */
async function adapted(
  { plan, sizes, seed, stage, executor }: CenterOptions,
  maps: CenterMaps,
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
  const size = plan.grid ** 2 * plan.size;
  const values = new Float32Array(maps.count * size);
  for (let center = 0; center < maps.count; center++) {
    const feeds = plan.levels.map(({ grid, channels }, level) => {
      const own = grid ** 2 * channels;
      const tokens = maps.levels[level]?.slice(center * own, (center + 1) * own);
      return [`tokens${level}`, float32([1, grid ** 2, channels], tokens as Float32Array)];
    });
    const { centers } = await session.run(Object.fromEntries(feeds));
    values.set(centers?.data as Float32Array, center * size);
  }
  await session.release();
  return values;
}
