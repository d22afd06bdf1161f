/** @file For each token the sum of the places it went to, without a pass over all of them that adds a row of zeros. */
import { gather, matMul, reshape, type Tensor, tensor1d, tensor4d } from '@tensorflow/tfjs-core';

/**
 * @param x f32 `[M, count, d]`.
 * @param places For each of L tokens its places in x; `most` at most.
 * @returns f32 `[M, L, d]`.
 */
export function sumOfPlaces(
  x: Tensor,
  places: readonly (readonly number[])[],
  most: number,
): Tensor {
  const [m = 1, , d = 1] = x.shape;
  const length = places.length;
  // A token with fewer places reads the first of all and counts it zero times.
  const slots = places.flatMap((of) => Array.from({ length: most }, (_, i) => of[i]));
  const indices = tensor1d(
    Int32Array.from(slots, (place) => place ?? 0),
    'int32',
  );
  const counts = Float32Array.from(slots, (place) => (place === undefined ? 0 : 1));
  const all = reshape(gather(x, indices, 1), [m, length, most, d]);
  return reshape(matMul(tensor4d(counts, [1, length, 1, most]), all), [m, length, d]);
}
