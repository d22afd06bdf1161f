/**
 * @file Features moved by as little as rounding moves them. A method that chooses (retrieval: the stored images that an image
 * resembles most) jumps where two choices are as good as each other, and there rounding decides which of them is made.
 */
import type { TensorMap } from '@plumbline/contracts';

/** Relative, at most: 16 units in the last place of a float32, about what a backbone's sums differ by. */
const LARGEST_MOVE = 2e-6;
const TRIES = 16;

/**
 * Of the largest number of a tensor, how far an image's features alone are from those that it has in a batch: convolutions add
 * up in another order there.
 */
const BATCH_MOVE = 1e-5;

/** The rows of one image of a batch of `count`; with tiles it has several. */
export function rowOf(batch: TensorMap, index: number, count: number): TensorMap {
  return Object.fromEntries(
    Object.entries(batch).map(([name, tensor]) => {
      const [rows = count, ...rest] = tensor.shape;
      const size = tensor.data.length / count;
      const data = tensor.data.slice(index * size, (index + 1) * size);
      return [name, { ...tensor, shape: [rows / count, ...rest], data }];
    }),
  ) as TensorMap;
}

/** Whether features of an image in a batch are those that it has alone, but for rounding. */
export function isWithinRounding(alone: TensorMap, inBatch: TensorMap): boolean {
  return Object.entries(alone).every(([name, { data }]) => {
    const other = inBatch[name]?.data;
    if (other?.length !== data.length) return false;
    let [largest, away] = [0, 0];
    for (let i = 0; i < data.length; i++) {
      const [a, b] = [Number(data[i]), Number(other[i])];
      largest = Math.max(largest, Math.abs(a));
      away = Math.max(away, Math.abs(a - b));
    }
    return away <= BATCH_MOVE * largest;
  });
}

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
