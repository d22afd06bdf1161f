/**
 * @file Retrieval's patch scores: the squared distance of a patch to the nearest one of the K training images that the
 * whole image resembles most, each level by itself. N images, P patches of a level, C channels, M stored images, E
 * numbers of a descriptor.
 */

import { cast, min, mul, relu, sub, type Tensor, topk } from '@tensorflow/tfjs-core';
import { BATCH, type TensorProgram } from '../../trace/index.ts';
import { describeImages, similaritiesTo } from '../image-descriptor.ts';
import { projectPatches } from '../principal-components.ts';
import {
  type BankLevel,
  type ChosenImages,
  type ComparedPatches,
  leastSquared,
  ownPatches,
} from './compare.ts';
import { guidedSquared, guideOf } from './guided.ts';
import { type RetrievalPlan, tokenInputs } from './plan.ts';
import { comparablePatches } from './scale.ts';

export interface PatchBank {
  /** M. */
  readonly images: number;
  /** f32 `[M, E]`. */
  readonly descriptors: Float32Array;
  readonly levels: readonly BankLevel[];
}

/** Similarities are sums of cosines, so never below this. */
export const LEAST_SIMILARITY = -100;
/**
 * The scoring graph: inputs `tokens0…` f32 `[N, P, C]`, outputs `scores0…` f32 `[N, P]`, one per level.
 * @param factors What the squared distances of each level are multiplied by.
 */
export function scoresProgram(
  plan: RetrievalPlan,
  bank: PatchBank,
  factors: readonly number[],
): TensorProgram {
  return {
    name: 'retrieval-scores',
    inputs: tokenInputs(plan),
    batchPlaceholder: BATCH,
    body: (given) => {
      const tokens = plan.levels.map((_, level) => given[`tokens${level}`] as Tensor);
      const nearest = nearestImages(describeImages(tokens, plan.levels), bank, {
        count: Math.min(plan.images, bank.images),
        excluded: null,
      });
      return Object.fromEntries(
        squaredDistances(tokens, plan, bank, nearest).map((distances, level) => [
          `scores${level}`,
          mul(distances, factors[level] as number),
        ]),
      );
    },
  };
}

/**
 * For scores without some images: inputs `tokens0…` f32 `[N, P, C]`, `descriptors` f32 `[N, E]` and `excluded` f32
 * `[N, M]`, 0 or `EXCLUDED` for stored images that an image may not see. Outputs `distances0…` f32 `[N, P]`, squared and
 * in no unit yet, and `nearest` f32 `[N, K]`, the stored images compared with, and `similarities` f32 `[N, K]` to them.
 */
export function leaveOutProgram(plan: RetrievalPlan, bank: PatchBank): TensorProgram {
  return {
    name: 'retrieval-leave-out',
    inputs: {
      ...tokenInputs(plan),
      descriptors: { shape: [BATCH, plan.descriptorSize] },
      excluded: { shape: [BATCH, bank.images] },
    },
    batchPlaceholder: BATCH,
    body: (given) => {
      const tokens = plan.levels.map((_, level) => given[`tokens${level}`] as Tensor);
      const nearest = nearestImages(given['descriptors'] as Tensor, bank, {
        count: Math.min(plan.images, bank.images),
        excluded: given['excluded'] as Tensor,
      });
      const distances = squaredDistances(tokens, plan, bank, nearest);
      return {
        ...Object.fromEntries(distances.map((values, level) => [`distances${level}`, values])),
        nearest: cast(nearest.indices, 'float32'),
        similarities: nearest.similarities,
      };
    },
  };
}

/** @returns For each level f32 `[N, P]`. */
function squaredDistances(
  tokens: readonly Tensor[],
  plan: RetrievalPlan,
  { levels }: PatchBank,
  nearest: NearestImages,
): Tensor[] {
  const given = plan.levels.map((level, index): ComparedPatches => {
    const stored = levels[index] as BankLevel;
    const patches = comparablePatches(tokens[index] as Tensor, plan.distance);
    const { projection } = stored;
    const own = ownPatches(
      projection === null ? patches : projectPatches(patches, projection),
      stored,
    );
    return { level, stored, own, isScaled: plan.localScale > 0 };
  });
  const guide = guideOf(plan, nearest.count);
  if (guide !== null) return guidedSquared(given, { guide, closeShare: plan.closeShare }, nearest);
  return given.map((compared) => min(leastSquared(compared, nearest), 1));
}

interface NearestImages extends ChosenImages {
  /** f32 `[N, K]`: most similar first; far below 0 for one that was excluded. */
  readonly similarities: Tensor;
}

/** @param descriptors f32 `[N, E]`. */
function nearestImages(
  descriptors: Tensor,
  bank: PatchBank,
  { count, excluded }: { readonly count: number; readonly excluded: Tensor | null },
): NearestImages {
  const similarities = similaritiesTo(descriptors, bank.descriptors);
  const allowed = excluded === null ? similarities : sub(similarities, excluded);
  const { values, indices } = topk(allowed, count);
  return {
    indices,
    similarities: values,
    penalties: excluded === null ? null : relu(sub(LEAST_SIMILARITY, values)),
    count,
  };
}
