/** @file The first pass over the training images: the descriptor of each, and the moments of every level. */
import { matMul, sum, type Tensor } from '@tensorflow/tfjs-core';
import { loadProgram } from '../../eager/load-program.ts';
import { BATCH, type TensorProgram } from '../../trace/index.ts';
import { describeImages } from '../image-descriptor.ts';
import type { FitOptions } from '../method.ts';
import { type Projection, principalComponents } from '../principal-components.ts';
import { type ComparedLevel, type RetrievalPlan, tokenInputs } from './plan.ts';
import { halfBatches, tokenFeeds } from './read-images.ts';
import { comparablePatches, type LevelMoments } from './scale.ts';

export interface Survey {
  /** f32 `[images, E]`. */
  readonly descriptors: Float32Array;
  readonly moments: readonly LevelMoments[];
  /** Of each level; null where all channels are kept. */
  readonly projections: readonly (Projection | null)[];
}

export interface SurveyStart {
  /** Of earlier images; they are gone on with. */
  readonly moments: readonly LevelMoments[];
  /** As they were fitted to earlier images; to these when absent. */
  readonly projections?: readonly (Projection | null)[];
}

/** @param onProgress Awaited with the images done. */
export async function surveyImages(
  options: FitOptions,
  plan: RetrievalPlan,
  start: SurveyStart,
  onProgress: (done: number) => Promise<void>,
): Promise<Survey> {
  const { count } = options.features;
  const descriptors = new Float32Array(count * plan.descriptorSize);
  const { moments } = start;
  const products = plan.levels.map((level) =>
    start.projections === undefined && isProjected(level)
      ? new PatchProducts(level.channels)
      : null,
  );
  const session = await loadProgram(options.executor, surveyProgram(plan, products));
  let done = 0;
  try {
    const every = Int32Array.from({ length: count }, (_, image) => image);
    for await (const { images, tokens } of halfBatches(options, every)) {
      for (const [level, moment] of moments.entries()) moment.add(tokens[level] as Float32Array);
      const result = await session.run(tokenFeeds(plan, tokens));
      descriptors.set(result['descriptors']?.data as Float32Array, done * plan.descriptorSize);
      for (const [level, sums] of products.entries())
        sums?.add(result[`products${level}`]?.data as Float32Array);
      done += images.length;
      await onProgress(done);
    }
  } finally {
    await session.release();
  }
  const projections =
    start.projections ??
    plan.levels.map((level, index) => {
      const sums = products[index];
      if (sums === null || sums === undefined) return null;
      const components = sums.covariance(moments[index] as LevelMoments, plan.distance);
      return principalComponents(components, { from: level.channels, to: level.stored });
    });
  return { descriptors, moments, projections };
}

function isProjected({ channels, stored }: ComparedLevel): boolean {
  return stored < channels;
}

/** Inputs `tokens0…` f32 `[N, P, C]`, outputs `descriptors` f32 `[N, E]` and, where wanted, `products0…` f32 `[C, C]`. */
function surveyProgram(
  plan: RetrievalPlan,
  products: readonly (PatchProducts | null)[],
): TensorProgram {
  return {
    name: 'retrieval-survey',
    inputs: tokenInputs(plan),
    batchPlaceholder: BATCH,
    body: (given) => {
      const tokens = plan.levels.map((_, level) => given[`tokens${level}`] as Tensor);
      const sums = tokens.flatMap((values, index) => {
        if (products[index] === null) return [];
        const patches = comparablePatches(values, plan.distance);
        return [[`products${index}`, sum(matMul(patches, patches, true), 0)] as const]; // [C, C]
      });
      return { descriptors: describeImages(tokens, plan.levels), ...Object.fromEntries(sums) };
    },
  };
}

/** Σ x·xᵀ over the patches of a level. */
class PatchProducts {
  readonly #sums: Float64Array;
  readonly #channels: number;

  constructor(channels: number) {
    this.#channels = channels;
    this.#sums = new Float64Array(channels ** 2);
  }

  add(products: Float32Array): void {
    for (const [at, value] of products.entries()) this.#sums[at]! += value;
  }

  /** f64 `[C, C]`. Vectors of unit length are not centered: their moments are of the features as they are. */
  covariance({ mean, state }: LevelMoments, distance: RetrievalPlan['distance']): Float64Array {
    const channels = this.#channels;
    return this.#sums.map((sum, at) => {
      const product = sum / state.patches;
      if (distance === 'cosine') return product;
      return (
        product - (mean[Math.floor(at / channels)] as number) * (mean[at % channels] as number)
      );
    });
  }
}
