/**
 * @file Centers of CRAS (arXiv 2505.17551): averages of images that are alike, which patches are compared with. K centers,
 * N images, P patches of an image, D channels of a patch.
 */
import {
  add,
  argMax,
  customGrad,
  div,
  gather,
  matMul,
  maximum,
  mul,
  reshape,
  scalar,
  sqrt,
  square,
  sum,
  type Tensor,
  tensor,
  zerosLike,
} from '@tensorflow/tfjs-core';

export interface Centers {
  /** K. */
  readonly count: number;
  /** P. */
  readonly patches: number;
  /** Adapted as training began, f32 `[K, P, D]`. */
  readonly values: Float32Array;
}

const SMALLEST_NORM = 1e-12;

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
    const center = centerOf(images, maps); // [N]
    const unit = div(maps, norms(maps));
    const similarities = matMul(images, gather(unit, center), false, true); // [N, P, P]
    const first = mul(reshape(center, [-1, 1]), scalar(patches, 'int32'));
    const places = add(first, argMax(similarities, -1)); // [N, P]
    return gather(reshape(maps, [count * patches, channels]), reshape(places, [-1]));
  });
}

/** i32 `[N]`. @param images f32 `[N, P, D]`. @param maps f32 `[K, P, D]`. */
function centerOf(images: Tensor, maps: Tensor): Tensor {
  const [count = 1, patches = 1, channels = 1] = maps.shape;
  const wholes = reshape(maps, [count, patches * channels]);
  const unit = div(wholes, norms(wholes));
  return argMax(matMul(reshape(images, [-1, patches * channels]), unit, false, true), -1);
}

function norms(x: Tensor): Tensor {
  return maximum(sqrt(sum(square(x), -1, true)), SMALLEST_NORM);
}

/** f(x), a constant to whoever differentiates. */
export function withoutGradient(x: Tensor, f: (x: Tensor) => Tensor): Tensor {
  return customGrad((input) => ({
    value: f(input as Tensor),
    gradFunc: () => [zerosLike(x)],
  }))(x);
}
