/**
 * @file Features moved by as little as rounding moves them. A method that chooses (retrieval: the stored images that an image
 * resembles most) jumps where two choices are as good as each other, and there rounding decides which of them is made.
 */
import type { TensorMap } from '@plumbline/contracts';

/** Relative, at most: 16 units in the last place of a float32, about what a backbone's sums differ by. */
const LARGEST_MOVE = 2e-6;
const TRIES = 16;

/** Each number times 1 ± at most `LARGEST_MOVE`, another way each time, always the same ways. */
export function* movedFeatures(given: TensorMap): Generator<TensorMap> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const share = (i: number) => Math.sin(12.9898 * attempt * (i + 1));
    yield Object.fromEntries(
      Object.entries(given).map(([name, tensor]) => [
        name,
        tensor.data instanceof Float32Array
          ? {
              ...tensor,
              data: tensor.data.map((value, i) => value * (1 + LARGEST_MOVE * share(i))),
            }
          : tensor,
      ]),
    );
  }
}
