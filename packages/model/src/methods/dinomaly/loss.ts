/**
 * @file Dinomaly's loss as released: loose, for it compares whole maps, and hardly moved by patches that are rebuilt well
 * already. N images, T patches, C channels.
 */
import { cast, gather, less, mul, reshape, sub, type Tensor, topk } from '@tensorflow/tfjs-core';
import { weighGradient } from '../../nn/weighed-gradient.ts';
import { mapsLoss, patchDistances } from '../rebuilt-maps.ts';

export interface Damping {
  /** What the gradient of easy patches is multiplied with. */
  readonly easyWeight: number;
  /**
   * Place of the smallest distance that is not easy among those of the batch, largest first: a whole number, f32 `[1]`
   * (`lastHard`).
   */
  readonly lastHard: Tensor;
}

/**
 * 1 − cos of whole maps; the gradient of a patch in the batch that is nearer to its target than the last hard one is damped.
 * @param targets f32 `[N, T, C]` each, as `rebuilt`.
 */
export function dinomalyLoss(
  targets: readonly Tensor[],
  rebuilt: readonly Tensor[],
  damping: Damping | null,
): Tensor {
  if (damping === null) return mapsLoss(targets, rebuilt);
  const { easyWeight, lastHard } = damping;
  const damped = rebuilt.map((map, index) =>
    weighGradient(map, [targets[index] as Tensor, lastHard], (own, target, place) =>
      patchWeights(patchDistances(target as Tensor, own), place as Tensor, easyWeight),
    ),
  );
  return mapsLoss(targets, damped);
}

/** @param distances f32 `[N, T]`. @returns f32 `[N, T, 1]`: 1, or the weight of easy patches. */
function patchWeights(distances: Tensor, lastHard: Tensor, easyWeight: number): Tensor {
  const flat = reshape(distances, [distances.size]);
  const { values } = topk(flat, distances.size);
  const threshold = gather(values, cast(lastHard, 'int32')); // [1]
  const isEasy = cast(less(flat, threshold), 'float32');
  const weights = sub(1, mul(isEasy, 1 - easyWeight));
  return reshape(weights, [...distances.shape, 1]);
}

/** As `Damping.lastHard`. @param patches Of a batch. @param step 0-based. */
export function lastHard(
  { easyShare, easySteps }: { readonly easyShare: number; readonly easySteps: number },
  patches: number,
  step: number,
): number {
  const easy = Math.min((easyShare * step) / easySteps, easyShare);
  return Math.max(1, Math.floor(patches * (1 - easy))) - 1;
}
