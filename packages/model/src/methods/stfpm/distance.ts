/**
 * @file How far the student is from the teacher: squared distances of unit feature vectors (Wang et al. 2021, section
 * 3, as released). N images, L positions of a level, C channels.
 */
import {
  add,
  mean,
  mul,
  reshape,
  rsqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor4D,
  image as tfImage,
} from '@tensorflow/tfjs-core';
import type { FeatureLevel } from '../method.ts';

/** Squared; what it adds to the norm of any other vector than 0 is less than rounding. */
const SMALLEST_NORM = 1e-24;

/**
 * ‖t/‖t‖ − s/‖s‖‖² at each position, 0 to 4.
 * @param teacher f32 `[N, L, C]`.
 * @param student f32 `[N, side, side, C]`.
 * @returns f32 `[N, L]`.
 */
function squaredDistances(teacher: Tensor, student: Tensor): Tensor {
  return sum(square(sub(unit(teacher), unit(reshape(student, teacher.shape)))), -1);
}

/** The sum over levels of the mean over images and positions. */
export function distillationLoss(teacher: readonly Tensor[], student: readonly Tensor[]): Tensor {
  const losses = teacher.map((level, index) =>
    mean(squaredDistances(level, student[index] as Tensor)),
  );
  return losses.reduce((total, loss) => add(total, loss));
}

/**
 * The product over levels, each enlarged to the finest grid first.
 * @returns f32 `[N, side²]` of the finest grid.
 */
export function anomalyGrid(
  levels: readonly FeatureLevel[],
  teacher: readonly Tensor[],
  student: readonly Tensor[],
): Tensor {
  const side = finestGrid(levels);
  const maps = levels.map(({ grid }, index): Tensor => {
    const distances = squaredDistances(teacher[index] as Tensor, student[index] as Tensor);
    const map = reshape(distances, [-1, grid, grid, 1]) as Tensor4D;
    return grid === side ? map : tfImage.resizeBilinear(map, [side, side], false, true);
  });
  return reshape(
    maps.reduce((product, map) => mul(product, map)),
    [-1, side ** 2],
  );
}

export function finestGrid(levels: readonly FeatureLevel[]): number {
  return Math.max(...levels.map(({ grid }) => grid));
}

function unit(x: Tensor): Tensor {
  return mul(x, rsqrt(add(sum(square(x), -1, true), SMALLEST_NORM)));
}
