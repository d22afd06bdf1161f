/**
 * @file Normal test images that are nearly the same as a normal training image: re-encoded, resized, brightened, or taken
 * twice. An anomalous test image is left out: a defect on a part that was also photographed without it is no leak.
 *
 * Images are compared as small pictures of their luminance. The distance of two is what is left, in gray levels, after
 * the best change of brightness and contrast has been taken out. How close is suspicious depends on the category: photos of
 * one product under a fixed camera are all alike, patches of one paper are not. So a distance counts as near when it is
 * small beside the usual distance of a training image to the nearest other one, and too small to come about by chance: where
 * pictures differ in few ways (smooth ones that a program made), two of them are near each other now and then.
 */
import {
  type EvaluationCheck,
  MAX_NEAR_DUPLICATES,
  type NearDuplicate,
  type NearDuplicates,
} from '@plumbline/contracts';
import { type CheckedSample, failedPairs, inOrder, isTest, passed } from './checked-sample.ts';
import { correlate, type Fingerprint, fingerprintOf } from './luminance-fingerprint.ts';

/**
 * Measured on the ten categories of `real10` and on `sample` with 32 × 32 pictures: different normal images of one category
 * are at 0.43 times the usual distance at least; JPEG at quality 80 is at 0.01 to 0.27 times, half the size at 0.005 to 0.17,
 * a change of brightness at 0.001 to 0.03.
 */
const SURE = { share: 0.25, grayLevels: 2 };
const LIKELY = { share: 0.5, grayLevels: 5 };
/** Test images as near as that may be expected by chance in a category, at most. */
const CHANCE = 0.02;
/** Of the estimated number of ways in which pictures differ. */
const CAUTION = 0.75;
/** More can't be told from few dozen distances, and make no difference. */
const MAX_WAYS = 50;
/** Below, two pictures are not alike whatever their distance. */
const MIN_CORRELATION = 0.8;
/** With fewer different training images nobody knows what distance is usual. */
const MIN_TRAINING_IMAGES = 4;
/** Training images that the usual distance is measured from, at most. */
const USUAL_FROM = 200;

interface Picture {
  readonly path: string;
  readonly sha256: string;
  readonly fingerprint: Fingerprint;
}

/**
 * Finds suspicious pairs in each category. One category at a time will do, so that not all pictures have to be in memory.
 *
 * @param pictures luminance of each image by SHA-256, `[32 · 32]`, 0 to 255; images without one are left out
 * @returns The training image nearest to each suspicious test image.
 */
export function findNearDuplicates(
  samples: readonly CheckedSample[],
  pictures: ReadonlyMap<string, ArrayLike<number>>,
): NearDuplicate[] {
  const byCategory = new Map<string, CheckedSample[]>();
  for (const sample of inOrder(samples)) {
    if (sample.label !== 'normal') continue;
    const members = byCategory.get(sample.category);
    if (members === undefined) byCategory.set(sample.category, [sample]);
    else members.push(sample);
  }
  return [...byCategory].flatMap(([category, members]) => {
    const training = picturesOf(
      members.filter((sample) => !isTest(sample)),
      pictures,
    );
    const tests = picturesOf(members.filter(isTest), pictures);
    if (training.length < MIN_TRAINING_IMAGES || tests.length === 0) return [];
    const limits = limitsOf(training, tests.length);
    return tests.flatMap((test) => pairOf(category, test, training, limits) ?? []);
  });
}

/** Of all categories, as a report keeps them. */
export function gatherNearDuplicates(found: readonly NearDuplicate[]): NearDuplicates {
  const sure = found.filter(({ certainty }) => certainty === 'sure');
  const likely = found.filter(({ certainty }) => certainty === 'likely');
  return {
    sure: sure.length,
    likely: likely.length,
    pairs: [...sure, ...likely].slice(0, MAX_NEAR_DUPLICATES),
  };
}

/**
 * The check of a result that was evaluated on a dataset with these pairs.
 *
 * @param samples of the dataset: where training images are too few to know what distance is usual, nothing was looked for
 */
export function checkNearSameImages(
  { sure, likely, pairs }: NearDuplicates,
  samples: readonly CheckedSample[],
): EvaluationCheck {
  const name = 'near-same-image-across-splits';
  const wordsOf = (certainty: NearDuplicate['certainty']) =>
    pairs
      .filter((pair) => pair.certainty === certainty)
      .map(({ test, training }) => ({
        test: test.path,
        other: training.path,
        words: 'nearly the same as',
      }));
  if (sure > 0) return failedPairs(name, 'barred', wordsOf('sure'), sure);
  if (likely > 0) return failedPairs(name, 'marked', wordsOf('likely'), likely);
  const unknown = withFewTrainingImages(samples);
  if (unknown.length > 0) {
    const message = `With fewer than ${MIN_TRAINING_IMAGES} different normal training images nobody knows how alike images are by chance: not checked for ${unknown.join(', ')}.`;
    return { name, status: 'not checked', message, files: [] };
  }
  return passed(
    name,
    'No normal test image is nearly the same as a training image of its category.',
  );
}

/** Categories with a normal test image and too few training images to compare it with. */
function withFewTrainingImages(samples: readonly CheckedSample[]): string[] {
  const training = new Map<string, Set<string>>();
  for (const sample of samples) {
    if (sample.label !== 'normal') continue;
    const images = training.get(sample.category) ?? new Set<string>();
    training.set(sample.category, images);
    if (!isTest(sample)) images.add(sample.image.sha256);
  }
  const tested = new Set(
    samples.filter((one) => one.label === 'normal' && isTest(one)).map(({ category }) => category),
  );
  return [...tested]
    .filter((category) => (training.get(category)?.size ?? 0) < MIN_TRAINING_IMAGES)
    .sort();
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
    found.set(image.sha256, { path, sha256: image.sha256, fingerprint: fingerprintOf(luminance) });
  }
  return [...found.values()];
}

/** Largest distances that count, gray levels. */
type Limits = Readonly<Record<NearDuplicate['certainty'], number>>;

/** To a blank picture every distance is 0, which says nothing of what is usual. */
function withoutPale(training: readonly Picture[]): Picture[] {
  const contrasts = training.map(({ fingerprint }) => fingerprint.contrast).sort((a, b) => a - b);
  const median = contrasts[Math.floor(contrasts.length / 2)] ?? 0;
  return training.filter(({ fingerprint }) => fingerprint.contrast >= median / 2);
}

/**
 * Near a picture, the number of others within a distance r grows as r^d, where d is the number of ways in which pictures
 * differ. d follows from the lower quartile and the median of the training images' distances to the nearest other one;
 * hence the distance below which `CHANCE` test images are expected:
 *
 *     n · ln 2 · (r / median)^d = CHANCE      d = ln(ln 2 / ln 4⁄3) / ln(median / quartile)
 */
function limitsOf(training: readonly Picture[], tests: number): Limits {
  const some = withoutPale(training).slice(0, USUAL_FROM);
  const distances = some.map((picture) => nearestDistance(picture, some)).sort((a, b) => a - b);
  const median = distances[Math.floor(distances.length / 2)] ?? 0;
  const quartile = distances[Math.floor(distances.length / 4)] ?? 0;
  const ratio = quartile > 0 ? median / quartile : Number.POSITIVE_INFINITY;
  // Of a few dozen distances the estimate is rough: taken low, which suspects less.
  const estimate = CAUTION * (Math.log(Math.LN2 / Math.log(4 / 3)) / Math.log(ratio));
  const ways = Math.min(MAX_WAYS, Math.max(1, estimate));
  // Among more images than the distances were measured from, the nearest is nearer.
  const usual = median * (some.length / training.length) ** (1 / ways);
  const byChance = usual * (CHANCE / (tests * Math.LN2)) ** (1 / ways);
  const limit = ({ share, grayLevels }: typeof SURE) =>
    Math.min(share * usual, grayLevels, byChance);
  return { sure: limit(SURE), likely: limit(LIKELY) };
}

function nearestDistance(picture: Picture, others: readonly Picture[]): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (const other of others) {
    if (other.sha256 === picture.sha256) continue;
    const correlation = correlate(picture.fingerprint, other.fingerprint, -1) ?? 0;
    nearest = Math.min(nearest, distanceOf(picture.fingerprint, other.fingerprint, correlation));
  }
  return nearest;
}

function pairOf(
  category: string,
  { path, sha256, fingerprint }: Picture,
  training: readonly Picture[],
  limits: Limits,
): NearDuplicate | null {
  let nearest: Picture | null = null;
  let distance = limits.likely;
  for (const other of training) {
    if (other.sha256 === sha256) continue;
    const correlation = correlate(
      fingerprint,
      other.fingerprint,
      least(fingerprint, other, distance),
    );
    if (correlation === null) continue;
    const found = distanceOf(fingerprint, other.fingerprint, correlation);
    if (found >= distance) continue;
    nearest = other;
    distance = found;
  }
  if (nearest === null) return null;
  return {
    category,
    certainty: distance < limits.sure ? 'sure' : 'likely',
    test: { path, sha256 },
    training: { path: nearest.path, sha256: nearest.sha256 },
  };
}

/** The correlation without which a pair is not nearer than `distance`. */
function least(a: Fingerprint, { fingerprint: b }: Picture, distance: number): number {
  const paler = Math.min(a.contrast, b.contrast);
  const left = paler > 0 ? Math.min(1, distance / paler) : 1;
  return Math.max(MIN_CORRELATION, Math.sqrt(1 - left ** 2));
}

/** Root mean square of what the line of best fit from one picture to the other leaves, on the scale of the paler one. */
function distanceOf(a: Fingerprint, b: Fingerprint, correlation: number): number {
  return Math.min(a.contrast, b.contrast) * Math.sqrt(Math.max(0, 1 - correlation ** 2));
}
