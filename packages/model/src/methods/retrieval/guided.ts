/**
 * @file The search in two steps. Patches of a coarse level are compared with all of the K images, which costs little, and say which
 * of them is most alike patch by patch. Patches of a finer level are compared with that one image first, and only those that
 * are far from it with others: what is like a normal patch already needs no further ones to be so. N images, P patches.
 */
import { closeImages } from '@plumbline/contracts';
import { min, minimum, mul, neg, reshape, sum, type Tensor, topk } from '@tensorflow/tfjs-core';
import { pickRows, replaceAt } from '../../trace/index.ts';
import {
  type ChosenImages,
  type ComparedPatches,
  leastSquared,
  pickPatches,
  someOf,
} from './compare.ts';
import type { RetrievalPlan } from './plan.ts';

/**
 * The squared distance to the nearest of so many images is about this power of their number times that to the nearest of one: for
 * normal test images with 12 images the power is −0.18 (large sample), −0.13 (`sample`) and −0.09 (`real10`). What is compared with
 * one image alone is multiplied by it, so that it stands beside the others.
 */
const NEARER_BY_MORE = -0.18;

/** The level whose patches are compared with all images, and lead the finer ones; null where all are. */
export function guideOf({ levels, closeShare }: RetrievalPlan, images: number): number | null {
  if (closeShare === 1 || images === 1) return null;
  const grids = levels.map(({ grid }) => grid);
  const coarsest = Math.min(...grids);
  // With a window a patch is compared with few in any case.
  if (levels.some(({ reach }) => reach !== null) || grids.every((grid) => grid === coarsest))
    return null;
  return grids.indexOf(coarsest);
}

/** @returns For each level f32 `[N, P]`. */
export function guidedSquared(
  given: readonly ComparedPatches[],
  { guide, closeShare }: { readonly guide: number; readonly closeShare: number },
  nearest: ChosenImages,
): Tensor[] {
  const each = leastSquared(given[guide] as ComparedPatches, nearest); // [N, K, P]
  const mostAlike = topk(neg(sum(each, 2)), nearest.count).indices;
  const images: ChosenImages = {
    indices: pickRows(nearest.indices, mostAlike),
    penalties: nearest.penalties === null ? null : pickRows(nearest.penalties, mostAlike),
    count: nearest.count,
  };
  return given.map((one, index) =>
    index === guide ? min(each, 1) : closelySquared(one, closeShare, images),
  );
}

/** @param images Those that are most alike first. @returns f32 `[N, P]`. */
function closelySquared(compared: ComparedPatches, share: number, images: ChosenImages): Tensor {
  const { own } = compared;
  const [n = 1, p = 1] = own.values.shape;
  const first = someOf(images, { start: 0, size: 1 });
  const others = someOf(images, { start: 1, size: closeImages(images.count) - 1 });
  const toOne = reshape(leastSquared(compared, first), [n, p]);
  const { values, indices } = topk(toOne, Math.ceil(share * p));
  const toOthers = leastSquared({ ...compared, own: pickPatches(own, indices) }, others);
  return replaceAt(
    mul(toOne, images.count ** NEARER_BY_MORE),
    indices,
    minimum(values, min(toOthers, 1)),
  );
}
