/** @file How far each training image is from all stored images but itself, other views of its picture, and copies of it. */
import type { TensorMap } from '@plumbline/contracts';
import { loadProgram } from '../../eager/load-program.ts';
import { float32 } from '../../onnx/index.ts';
import type { FitOptions, Folds } from '../method.ts';
import { unscored } from '../score-fold.ts';
import { EXCLUDED } from './compare.ts';
import { bankAround, type StoredImages } from './near-bank.ts';
import { type Neighbors, nearCopies, withCopies } from './near-copies.ts';
import type { RetrievalPlan } from './plan.ts';
import { tokenFeeds } from './read-images.ts';
import { leaveOutProgram } from './score.ts';

/** What is known of the images without themselves; NaN where an image is not scored. */
export interface LeaveOneOut {
  /** For each level f32 `[images, P]`, squared, in no unit yet. */
  readonly distances: readonly Float32Array[];
  /** A further image that is less similar than the last of an image's neighbors changes nothing for it. */
  readonly neighbors: Neighbors;
  /** Those that were measured without their copies too. */
  readonly hadCopies: ReadonlySet<number>;
}

interface Batch {
  readonly images: Int32Array;
  /** For each level f32 `[images, P, C]`. */
  readonly tokens: readonly Float32Array[];
}

export interface LeaveOneOutOptions extends StoredImages {
  /** To be scored. */
  readonly scored: Int32Array;
  /** Of these, those to be measured; copies are measured again in any case. */
  readonly images: Int32Array;
  /** f32 `[all images, E]`. */
  readonly descriptors: Float32Array;
  /** In the order of the images named. */
  tokensOf(images: Int32Array): AsyncIterable<Batch>;
  /** Awaited with the images done, of those that are to be measured at first. */
  onProgress(done: number): Promise<void>;
}

export function nothingMeasured(
  plan: RetrievalPlan,
  { images, stored }: { readonly images: number; readonly stored: number },
): LeaveOneOut {
  const count = Math.min(plan.images, stored);
  return {
    distances: plan.levels.map(({ grid }) => unscored(images, grid ** 2)),
    neighbors: {
      count,
      nearest: new Int32Array(images * count),
      similarities: unscored(images, count),
    },
    hadCopies: new Set(),
  };
}

/**
 * Measures images without themselves and files of the same bytes, then those with copies without these too. Folds need
 * not be left out together here: one image costs as little.
 * @param found Filled in.
 */
export async function leaveOneOut(
  { executor, views = 1 }: Pick<FitOptions, 'executor' | 'views'>,
  plan: RetrievalPlan,
  options: LeaveOneOutOptions,
  found: Omit<LeaveOneOut, 'hadCopies'>,
): Promise<LeaveOneOut> {
  const size = plan.descriptorSize;
  const pictures = groupsOfEqual(options.descriptors, views * size);
  const count = options.descriptors.length / size;
  const same = Int32Array.from({ length: count }, (_, i) => pictures[Math.floor(i / views)] ?? i);
  const run = { executor, plan, options };
  let done = 0;
  for await (const { images, kept, result } of measured(run, options.images, [same])) {
    for (const [level, all] of found.distances.entries())
      copyRows(images, result[`distances${level}`]?.data as Float32Array, all);
    const slots = result['nearest']?.data as Float32Array;
    copyRows(
      images,
      slots.map((slot) => kept[slot] as number),
      found.neighbors.nearest,
    );
    copyRows(images, result['similarities']?.data as Float32Array, found.neighbors.similarities);
    done += images.length;
    await options.onProgress(done);
  }
  // Tiles of a background are alike in all pictures, and no copies.
  if (views > 1) return { ...found, hadCopies: new Set() };
  const copies = nearCopies(found.neighbors, plan.levels.length);
  const having = withCopies(copies);
  const again = options.scored.filter((image) => having.has(image));
  for await (const { images, result } of measured(run, again, [same, copies]))
    for (const [level, all] of found.distances.entries())
      copyRows(images, result[`distances${level}`]?.data as Float32Array, all);
  return { ...found, hadCopies: new Set(again) };
}

interface MeasuringRun extends Pick<FitOptions, 'executor'> {
  readonly plan: RetrievalPlan;
  readonly options: LeaveOneOutOptions;
}

interface MeasuredBatch {
  readonly images: Int32Array;
  /** The image that each of those compared with is. */
  readonly kept: Int32Array;
  readonly result: TensorMap;
}

/** @param groups Numbers of the images: those with one in common do not see each other. */
async function* measured(
  { executor, plan, options }: MeasuringRun,
  wanted: Int32Array,
  groups: readonly Int32Array[],
): AsyncGenerator<MeasuredBatch> {
  if (wanted.length === 0) return;
  const { descriptors } = options;
  const size = plan.descriptorSize;
  const isExcluded = (image: number, other: number) =>
    groups.some((group) => group[image] === group[other]);
  const { bank, kept } = bankAround(plan, options, { images: wanted, descriptors, isExcluded });
  const session = await loadProgram(executor, leaveOutProgram(plan, bank));
  try {
    for await (const { images, tokens } of options.tokensOf(wanted)) {
      const excluded = new Float32Array(images.length * kept.length);
      const own = new Float32Array(images.length * size);
      for (const [row, image] of images.entries()) {
        own.set(descriptors.subarray(image * size, (image + 1) * size), row * size);
        for (const [column, other] of kept.entries())
          if (isExcluded(image, other)) excluded[row * kept.length + column] = EXCLUDED;
      }
      const result = await session.run({
        ...tokenFeeds(plan, tokens),
        descriptors: float32([images.length, size], own),
        excluded: float32([images.length, kept.length], excluded),
      });
      yield { images, kept, result };
    }
  } finally {
    await session.release();
  }
}

function copyRows(images: Int32Array, rows: Float32Array, out: Float32Array | Int32Array): void {
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

/** A number per picture, the same for those whose descriptors, of all views, are equal: byte-identical files, no others. */
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
