/**
 * @file Test images that are nearly the same as a training image: re-encoded, resized, brightened, or taken twice.
 *
 * Images are compared as small pictures of their luminance. The distance of two is what is left, in gray levels, after
 * the best change of brightness and contrast has been taken out. How close is suspicious depends on the category: photos of
 * one product under a fixed camera are all alike, patches of one paper are not. So a distance counts as near when it is
 * small beside the usual distance of a training image to the nearest other one.
 */
import type { EvaluationCheck } from '@plumbline/contracts';
import { type CheckedSample, failedPairs, inOrder, isTest, passed } from './checked-sample.ts';

/**
 * Measured on the ten categories of `real10` with 32 × 32 pictures: different images of one category are at 0.6 times the
 * usual distance at least; JPEG at quality 80 is at 0.02 to 0.26 times, a change of brightness at 0.01 to 0.3.
 */
const BARRED = { share: 0.25, grayLevels: 2 };
const MARKED = { share: 0.5, grayLevels: 5 };
/** Below, two pictures are not alike whatever their distance. */
const MIN_CORRELATION = 0.8;
/** With fewer different training images nobody knows what distance is usual. */
const MIN_TRAINING_IMAGES = 4;
/** Training images that the usual distance is measured from, at most. */
const USUAL_FROM = 200;

/** A picture less its mean. */
interface Picture {
  readonly path: string;
  readonly sha256: string;
  readonly deviations: Float64Array;
  /** Standard deviation, gray levels. */
  readonly contrast: number;
}

/** Suspicious pairs of a test image and the training image nearest to it. */
export interface NearPairs {
  readonly barred: readonly NearPair[];
  readonly marked: readonly NearPair[];
}

/**
 * Finds suspicious pairs in each category. One category at a time will do, so that not all pictures have to be in memory.
 *
 * @param pictures luminance of each image by SHA-256, 0 to 255, all of one size; images without one are left out
 */
export function findNearPairs(
  samples: readonly CheckedSample[],
  pictures: ReadonlyMap<string, ArrayLike<number>>,
): NearPairs {
  const barred: NearPair[] = [];
  const marked: NearPair[] = [];
  const categories = [...new Set(samples.map((sample) => sample.category))].sort();
  for (const category of categories) {
    const members = inOrder(samples.filter((sample) => sample.category === category));
    const training = picturesOf(
      members.filter((sample) => !isTest(sample)),
      pictures,
    );
    if (training.length < MIN_TRAINING_IMAGES) continue;
    const usual = usualDistance(training);
    for (const picture of picturesOf(members.filter(isTest), pictures)) {
      const nearest = nearestOf(picture, training);
      if (isNear(nearest, usual, BARRED)) barred.push(toPair(picture, nearest));
      else if (isNear(nearest, usual, MARKED)) marked.push(toPair(picture, nearest));
    }
  }
  return { barred, marked };
}

/** The check that the pairs of all categories add up to. */
export function checkNearSameImages(found: readonly NearPairs[]): EvaluationCheck {
  const name = 'near-same-image-across-splits';
  const barred = found.flatMap((pairs) => pairs.barred);
  const marked = found.flatMap((pairs) => pairs.marked);
  if (barred.length > 0) return failedPairs(name, 'barred', barred);
  if (marked.length > 0) return failedPairs(name, 'marked', marked);
  return passed(name, 'No test image is nearly the same as a training image of its category.');
}

interface NearPair {
  readonly test: string;
  readonly other: string;
  readonly words: string;
}

function toPair(picture: Picture, nearest: Nearest): NearPair {
  return { test: picture.path, other: nearest.picture.path, words: 'nearly the same as' };
}

/** The different images among samples; byte-identical ones are the matter of another check. */
function picturesOf(
  samples: readonly CheckedSample[],
  pictures: ReadonlyMap<string, ArrayLike<number>>,
): Picture[] {
  const found = new Map<string, Picture>();
  for (const { path, image } of samples) {
    const luminance = pictures.get(image.sha256);
    if (luminance === undefined || found.has(image.sha256)) continue;
    found.set(image.sha256, toPicture(path, image.sha256, luminance));
  }
  return [...found.values()];
}

function toPicture(path: string, sha256: string, luminance: ArrayLike<number>): Picture {
  const deviations = Float64Array.from(luminance);
  const mean = deviations.reduce((sum, value) => sum + value, 0) / deviations.length;
  let squares = 0;
  for (let i = 0; i < deviations.length; i += 1) {
    deviations[i]! -= mean;
    squares += deviations[i]! ** 2;
  }
  return { path, sha256, deviations, contrast: Math.sqrt(squares / deviations.length) };
}

interface Nearest {
  readonly picture: Picture;
  /** Gray levels. */
  readonly distance: number;
  readonly correlation: number;
}

function nearestOf(picture: Picture, others: readonly Picture[]): Nearest {
  let nearest: Nearest | null = null;
  for (const other of others) {
    if (other.sha256 === picture.sha256) continue;
    const { distance, correlation } = compare(picture, other);
    if (nearest === null || distance < nearest.distance) {
      nearest = { picture: other, distance, correlation };
    }
  }
  return nearest ?? { picture, distance: Number.POSITIVE_INFINITY, correlation: 0 };
}

/** Root mean square of what the line of best fit from one picture to the other leaves, on the scale of the paler one. */
function compare(a: Picture, b: Picture): { distance: number; correlation: number } {
  let products = 0;
  const { deviations: x } = a;
  const { deviations: y } = b;
  for (let i = 0; i < x.length; i += 1) products += x[i]! * y[i]!;
  const scale = a.contrast * b.contrast;
  const correlation = scale > 0 ? products / x.length / scale : 0;
  const left = Math.sqrt(Math.max(0, 1 - correlation ** 2));
  return { distance: Math.min(a.contrast, b.contrast) * left, correlation };
}

/** Median distance of a training image to the nearest other one. */
function usualDistance(training: readonly Picture[]): number {
  const some = training.slice(0, USUAL_FROM);
  const distances = some.map((picture) => nearestOf(picture, some).distance).sort((a, b) => a - b);
  return distances[Math.floor(distances.length / 2)] ?? 0;
}

function isNear(nearest: Nearest, usual: number, limit: typeof BARRED): boolean {
  return (
    nearest.correlation >= MIN_CORRELATION &&
    nearest.distance <= limit.grayLevels &&
    nearest.distance < limit.share * usual
  );
}
