/** @file How far each training image is from all stored images but itself and those equal to it. */
import { loadProgram } from '../../eager/load-program.ts';
import { float32 } from '../../onnx/index.ts';
import type { FitOptions, Folds } from '../method.ts';
import { unscored } from '../score-fold.ts';
import type { RetrievalPlan } from './plan.ts';
import { tokenFeeds } from './read-images.ts';
import { EXCLUDED, leaveOutProgram, type PatchBank } from './score.ts';

/** What is known of the images without themselves; NaN where an image is not scored. */
export interface LeaveOneOut {
  /** For each level f32 `[images, P]`, squared, in no unit yet. */
  readonly distances: readonly Float32Array[];
  /** f32 `[images]`: to the last of those compared with. A further image that is less similar changes nothing. */
  readonly similarity: Float32Array;
}

export interface LeaveOneOutOptions {
  /** To be measured. */
  readonly images: Int32Array;
  readonly bank: PatchBank;
  /** f32 `[all images, E]`. */
  readonly descriptors: Float32Array;
  /** The image that each of the bank is. */
  readonly kept: Int32Array;
  /** For each level f32 `[images of the batch, P, C]`, batch after batch in the order of `images`. */
  readonly tokens: AsyncIterable<{
    readonly images: Int32Array;
    readonly tokens: readonly Float32Array[];
  }>;
  /** Awaited with the images done. */
  onProgress(done: number): Promise<void>;
}

export function nothingMeasured(plan: RetrievalPlan, images: number): LeaveOneOut {
  return {
    distances: plan.levels.map(({ grid }) => unscored(images, grid ** 2)),
    similarity: unscored(images, 1),
  };
}

/** Fills in what `images` are away. Folds need not be left out together here: one image costs as little. */
export async function leaveOneOut(
  { executor }: Pick<FitOptions, 'executor'>,
  plan: RetrievalPlan,
  options: LeaveOneOutOptions,
  found: LeaveOneOut,
): Promise<void> {
  const { bank, kept, descriptors } = options;
  const size = plan.descriptorSize;
  const group = groupsOfEqual(descriptors, size);
  const session = await loadProgram(executor, leaveOutProgram(plan, bank));
  try {
    let done = 0;
    for await (const { images, tokens } of options.tokens) {
      const excluded = new Float32Array(images.length * kept.length);
      const own = new Float32Array(images.length * size);
      for (const [row, image] of images.entries()) {
        own.set(descriptors.subarray(image * size, (image + 1) * size), row * size);
        for (const [column, other] of kept.entries())
          if (group[image] === group[other]) excluded[row * kept.length + column] = EXCLUDED;
      }
      const result = await session.run({
        ...tokenFeeds(plan, tokens),
        descriptors: float32([images.length, size], own),
        excluded: float32([images.length, kept.length], excluded),
      });
      for (const [level, all] of found.distances.entries())
        copyRows(images, result[`distances${level}`]?.data as Float32Array, all);
      copyRows(images, result['similarity']?.data as Float32Array, found.similarity);
      done += images.length;
      await options.onProgress(done);
    }
  } finally {
    await session.release();
  }
}

export function scoredImages(folds: Folds): Int32Array {
  return Int32Array.from(folds.of.keys()).filter((image) => folds.of[image] !== -1);
}

function copyRows(images: Int32Array, rows: Float32Array, out: Float32Array): void {
  const size = rows.length / images.length;
  for (const [row, image] of images.entries())
    out.set(rows.subarray(row * size, (row + 1) * size), image * size);
}

/**
 * Patch scores, as the published graph computes them of these distances.
 * @returns For each level f32 `[images, P]`, NaN for images of no fold.
 */
export function foldScores(
  { distances }: LeaveOneOut,
  factors: readonly number[],
  folds: Folds,
): Float32Array[] {
  return distances.map((values, level) => {
    const patches = values.length / folds.of.length;
    return values.map((value, at) =>
      folds.of[Math.floor(at / patches)] === -1 ? Number.NaN : value * (factors[level] as number),
    );
  });
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
