/** @file Patch scores of the training images, each compared with all stored images but itself and those equal to it. */
import { loadProgram } from '../../eager/load-program.ts';
import { float32 } from '../../onnx/index.ts';
import { featureBatches } from '../feature-batches.ts';
import type { FitOptions, Folds } from '../method.ts';
import { unscored } from '../score-fold.ts';
import type { RetrievalPlan } from './plan.ts';
import { BATCH_SIZE, tokenFeeds } from './read-images.ts';
import { EXCLUDED, type PatchBank, scoresProgram } from './score.ts';
import type { Survey } from './survey.ts';

export interface LeaveOneOut {
  /** Images of no fold get no score. Folds need not be left out together here: one image costs as little. */
  readonly folds: Folds;
  readonly survey: Survey;
  readonly bank: PatchBank;
  /** The image that each of the bank comes from. */
  readonly kept: Int32Array;
  /** Awaited with the images done. */
  onProgress(done: number): Promise<void>;
}

/** @returns For each level f32 `[images, P]`, NaN for images of no fold. */
export async function scoreWithoutSelf(
  options: FitOptions,
  plan: RetrievalPlan,
  { folds, survey, bank, kept, onProgress }: LeaveOneOut,
): Promise<Float32Array[]> {
  const { count } = options.features;
  const scores = plan.levels.map(({ grid }) => unscored(count, grid ** 2));
  const group = groupsOfEqual(survey.descriptors, plan.descriptorSize);
  const program = scoresProgram(plan, bank, { leaveOut: true });
  const session = await loadProgram(options.executor, program);
  try {
    const scored = Int32Array.from(folds.of.keys()).filter((image) => folds.of[image] !== -1);
    let done = 0;
    for await (const { images, tokens } of featureBatches(options, scored, BATCH_SIZE)) {
      const excluded = new Float32Array(images.length * kept.length);
      for (const [row, image] of images.entries())
        for (const [column, other] of kept.entries())
          if (group[image] === group[other]) excluded[row * kept.length + column] = EXCLUDED;
      const result = await session.run({
        ...tokenFeeds(plan, tokens),
        excluded: float32([images.length, kept.length], excluded),
      });
      for (const [level, all] of scores.entries()) {
        const found = result[`scores${level}`]?.data as Float32Array;
        const patches = found.length / images.length;
        for (const [row, image] of images.entries())
          all.set(found.subarray(row * patches, (row + 1) * patches), image * patches);
      }
      done += images.length;
      await onProgress(done);
    }
  } finally {
    await session.release();
  }
  return scores;
}

/** A number per image, the same for images whose descriptors are equal: byte-identical files, and no others. */
function groupsOfEqual(descriptors: Float32Array, size: number): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from({ length: descriptors.length / size }, (_, image) => {
    const { buffer, byteOffset } = descriptors.subarray(image * size, (image + 1) * size);
    const key = Buffer.from(buffer, byteOffset, 4 * size).toString('latin1');
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
}
