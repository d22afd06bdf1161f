/**
 * @file Which images a bank keeps when it has not room for all: those that cover the descriptors best, by the greedy choice
 * of what is farthest from all chosen (Gonzalez, 1985). Categories need not be known: each is a cluster of its own,
 * and a small one is as far from the others as a large one.
 */

export interface CoveringOptions {
  /** f32 `[images, size]`, all of one norm. */
  readonly descriptors: Float32Array;
  readonly size: number;
  readonly count: number;
  /** Awaited with the images chosen. */
  onProgress(done: number): Promise<void>;
}

/** @returns Image indices, ascending; all where there are no more than `count`. */
export async function coveringImages(options: CoveringOptions): Promise<Int32Array> {
  const { descriptors, size, count, onProgress } = options;
  const images = descriptors.length / size;
  if (images <= count) return Int32Array.from({ length: images }, (_, image) => image);
  /** Similarity to the most similar chosen one. */
  const closest = new Float64Array(images).fill(Number.NEGATIVE_INFINITY);
  const chosen: number[] = [];
  let next = mostTypical(descriptors, size);
  while (chosen.length < count) {
    chosen.push(next);
    const own = descriptors.subarray(next * size, (next + 1) * size);
    next = 0;
    for (let image = 0; image < images; image++) {
      const similarity = product(descriptors, image * size, own);
      if (similarity > (closest[image] as number)) closest[image] = similarity;
      if ((closest[image] as number) < (closest[next] as number)) next = image;
    }
    await onProgress(chosen.length);
  }
  return Int32Array.from(chosen).sort();
}

/** The image most similar to the mean. */
function mostTypical(descriptors: Float32Array, size: number): number {
  const mean = new Float32Array(size);
  for (let i = 0; i < descriptors.length; i++) mean[i % size]! += descriptors[i] as number;
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let image = 0; image < descriptors.length / size; image++) {
    const similarity = product(descriptors, image * size, mean);
    if (similarity > most) [best, most] = [image, similarity];
  }
  return best;
}

function product(values: Float32Array, start: number, other: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < other.length; i++)
    sum += (values[start + i] as number) * (other[i] as number);
  return sum;
}
