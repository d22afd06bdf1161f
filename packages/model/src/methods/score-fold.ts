/** @file Scores of images by a fit without them: N images, P patches. */
import { loadProgram } from '../eager/load-program.ts';
import { float32 } from '../onnx/index.ts';
import type { TensorProgram } from '../trace/index.ts';
import { featureBatches } from './feature-batches.ts';
import type { FitOptions, Folds } from './method.ts';

const BATCH_SIZE = 8;

/** Room for the scores of all images, f32 `[N, P]`, NaN until a fold is scored. */
export function unscored(images: number, patches: number): Float32Array {
  return new Float32Array(images * patches).fill(Number.NaN);
}

/** Those that get a score. */
export function scoredImages(folds: Folds): Int32Array {
  return Int32Array.from(folds.of.keys()).filter(
    (image) => folds.of[image] !== -1 && folds.isScored?.[image] !== 0,
  );
}

/** Those of one fold. */
export function scoredOfFold(folds: Folds, fold: number): Int32Array {
  return scoredImages(folds).filter((image) => folds.of[image] === fold);
}

/**
 * Runs a scoring program, inputs `tokens0…` and output `scores0` f32 `[N, P]`, over some images.
 * @param out f32 `[all images, P]`: the rows of these images are filled.
 */
export async function scoreFold(
  options: FitOptions,
  program: TensorProgram,
  images: Int32Array,
  out: Float32Array,
): Promise<void> {
  const patches = out.length / options.features.count;
  const session = await loadProgram(options.executor, program);
  try {
    for await (const { images: batch, tokens } of featureBatches(options, images, BATCH_SIZE)) {
      const feeds = options.levels.map(({ grid, channels }, level) => [
        `tokens${level}`,
        float32([batch.length, grid ** 2, channels], tokens[level] as Float32Array),
      ]);
      const { scores0 } = await session.run(Object.fromEntries(feeds));
      const scores = scores0?.data as Float32Array;
      for (const [slot, image] of batch.entries())
        out.set(scores.subarray(slot * patches, (slot + 1) * patches), image * patches);
    }
  } finally {
    await session.release();
  }
}
