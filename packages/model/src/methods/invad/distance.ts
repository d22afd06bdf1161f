/** @file How far rebuilt features are from the backbone's. N images, C channels, T places of the finest grid. */
import type { InvadNetwork } from '@plumbline/contracts';
import {
  addN,
  concat,
  mean,
  mul,
  relu,
  reshape,
  squaredDifference,
  sub,
  type Tensor,
  type Tensor4D,
  image as tfImage,
} from '@tensorflow/tfjs-core';
import { cosineSimilarity } from '../../nn/layers.ts';
import { unitRows } from '../center-maps.ts';

/** weight · Σ over levels of mean((y − x)²). @param levels f32 `[N, side, side, C]`, as `rebuilt`. */
export function rebuildingLoss(
  levels: readonly Tensor4D[],
  rebuilt: readonly Tensor4D[],
  weight: number,
): Tensor {
  const losses = levels.map((level, index) =>
    mean(squaredDifference(rebuilt[index] as Tensor4D, level)),
  );
  return mul(addN(losses), weight);
}

/**
 * One minus the cosine of all levels together at each place of the finest grid: each level's vectors of length 1, resized
 * bilinearly with aligned corners, side by side. 0 to 2.
 * @returns f32 `[N, T]`.
 */
export function distances(
  { levels: [finest] }: Pick<InvadNetwork, 'levels'>,
  levels: readonly Tensor4D[],
  rebuilt: readonly Tensor4D[],
): Tensor {
  const side = finest?.grid ?? 1;
  const joined = (maps: readonly Tensor4D[]) => {
    const units = maps.map((map) => {
      const unit = unitRows(map) as Tensor4D;
      return map.shape[1] === side ? unit : tfImage.resizeBilinear(unit, [side, side], true);
    });
    return units.length === 1 ? (units[0] as Tensor4D) : concat(units, -1);
  };
  // Rounding makes some of them negative.
  const apart = relu(sub(1, cosineSimilarity(joined(levels), joined(rebuilt))));
  return reshape(apart, [-1, side ** 2]);
}
