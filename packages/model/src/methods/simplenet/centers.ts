/**
 * @file Centers of CRAS (arXiv 2505.17551): averages of images that are alike, which patches are compared with. K centers,
 * N images, P patches of an image, D channels of a patch.
 */
import {
  add,
  argMax,
  customGrad,
  gather,
  matMul,
  mul,
  reshape,
  scalar,
  type Tensor,
  tensor,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { mostSimilarCenter, unitRows } from '../center-maps.ts';

export interface Centers {
  /** K. */
  readonly count: number;
  /** P. */
  readonly patches: number;
  /** Adapted as training began, f32 `[K, P, D]`. */
  readonly values: Float32Array;
}

/**
 * The image is matched with the center whose cosine is the largest over the whole of both, and each of its patches with
 * the most similar patch of that center, wherever it lies.
 * @param adapted f32 `[N·P, D]`. No gradient reaches it.
 * @returns f32 `[N·P, D]`.
 */
export function nearestPatches(adapted: Tensor, centers: Centers): Tensor {
  return withoutGradient(adapted, (x) => {
    const { count, patches, values } = centers;
    const channels = values.length / (count * patches);
    const maps = tensor(values, [count, patches, channels]);
    const images = reshape(x, [-1, patches, channels]); // [N, P, D]
    const center = mostSimilarCenter([{ images, maps }]); // [N]
    const own = gather(unitRows(maps), center); // [N, P, D]
    const similarities = matMul(images, own, false, true); // [N, P, P]
    const first = mul(reshape(center, [-1, 1]), scalar(patches, 'int32'));
    const places = add(first, argMax(similarities, -1)); // [N, P]
    return gather(reshape(maps, [count * patches, channels]), reshape(places, [-1]));
  });
}

/** f(x), a constant to whoever differentiates. */
export function withoutGradient(x: Tensor, f: (x: Tensor) => Tensor): Tensor {
  return customGrad((input) => ({
    value: f(input as Tensor),
    gradFunc: () => [zerosLike(x)],
  }))(x);
}
