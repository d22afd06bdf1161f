/** @file Which images a step sees, and its noise: a function of seed, level and step, so that a run can be resumed anywhere. */
import { RandomStream } from '../../nn/random.ts';

/**
 * Images of one step: epochs of random permutations, laid end to end and cut into batches of equal size.
 * @param step 0-based.
 * @returns `[batchSize]` indices below `count`.
 */
export function batchImages(options: {
  seed: number;
  tap: string;
  step: number;
  count: number;
  batchSize: number;
}): Int32Array {
  const { count, batchSize } = options;
  const images = new Int32Array(batchSize);
  let epoch = -1;
  let order = new Int32Array(0);
  for (let slot = 0; slot < batchSize; slot++) {
    const position = options.step * batchSize + slot;
    if (Math.floor(position / count) !== epoch) {
      epoch = Math.floor(position / count);
      order = RandomStream.from(options.seed, `order/${options.tap}/${epoch}`).permutation(
        count,
      ) as Int32Array<ArrayBuffer>;
    }
    images[slot] = order[position % count]!;
  }
  return images;
}

/** Fills the noise of one step with standard normal numbers. */
export function fillStepNoise(
  options: { seed: number; tap: string; step: number },
  out: Float32Array,
): void {
  RandomStream.from(options.seed, `noise/${options.tap}/${options.step}`).fillNormal(out);
}
