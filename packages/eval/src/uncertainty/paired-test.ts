/** @file Is one model's mean image AUROC higher than another's? Paired bootstrap over the same test images. */
import { DomainError } from '@plumbline/contracts';
import { areaUnderRoc } from '../metrics/score-metrics.ts';
import { resampleImageMetrics } from './image-resamples.ts';
import {
  assertSameImages,
  type ImageScoreRow,
  type ImageStrata,
  imageStrata,
} from './image-strata.ts';
import { DEFAULT_CONFIDENCE, percentileInterval, twoSidedP } from './summarize.ts';

export interface PairedTestOptions {
  /** Default 2000. */
  readonly resamples?: number;
  /** Of the draws. Default 0. */
  readonly seed?: number;
  /** Default 0.95. */
  readonly confidence?: number;
}

/** Of a minus b. */
export interface PairedDifference {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Two-sided, not corrected for several comparisons. */
  readonly p: number;
}

export interface PairedTestResult {
  /** Of the mean over categories. */
  readonly mean: PairedDifference;
  /** Where the image AUROC is defined, by category. */
  readonly categories: Readonly<Record<string, PairedDifference>>;
  readonly images: number;
  readonly resamples: number;
  readonly seed: number;
  readonly confidence: number;
}

/** Image AUROC of one model over all categories: as observed, and in every resample. */
export interface AurocResamples {
  /** Null where no category has both labels. */
  readonly mean: { readonly observed: number; readonly resampled: Float64Array } | null;
  readonly categories: ReadonlyMap<string, { observed: number; resampled: Float64Array }>;
}

const DEFAULT_TEST_RESAMPLES = 2000;

/**
 * Tests whether two models differ in mean image AUROC (unweighted over categories). Both are resampled over the same
 * images, stratified by category and label; the interval is the percentile one of the differences.
 *
 * @param a image results of one model
 * @param b of the other, over the same samples in any order
 * @throws DomainError INVALID_INPUT naming the sample that one of them lacks or labels differently, or if no category has both labels
 */
export function pairedImageAurocTest(
  a: readonly ImageScoreRow[],
  b: readonly ImageScoreRow[],
  options: PairedTestOptions = {},
): PairedTestResult {
  assertSameImages(a, b);
  const { resamples = DEFAULT_TEST_RESAMPLES, seed = 0, confidence = DEFAULT_CONFIDENCE } = options;
  const ofA = resampleAuroc(imageStrata(a), { resamples, seed });
  const ofB = resampleAuroc(imageStrata(b), { resamples, seed });
  if (ofA.mean === null || ofB.mean === null) {
    throw new DomainError('INVALID_INPUT', 'No category has both normal and anomalous images.', {
      field: 'images',
      fix: 'Compare models on a test split with normal and anomalous images.',
    });
  }
  const categories: Record<string, PairedDifference> = {};
  for (const [name, values] of ofA.categories) {
    const other = ofB.categories.get(name);
    if (other !== undefined) categories[name] = compareResamples(values, other, confidence);
  }
  const mean = compareResamples(ofA.mean, ofB.mean, confidence);
  return { mean, categories, images: a.length, resamples, seed, confidence };
}

interface Resampled {
  readonly observed: number;
  readonly resampled: Float64Array;
}

/** Difference of two results that were resampled alike. */
export function compareResamples(a: Resampled, b: Resampled, confidence: number): PairedDifference {
  const differences = a.resampled.map((value, index) => value - b.resampled[index]!);
  const interval = percentileInterval(differences, confidence);
  return {
    difference: a.observed - b.observed,
    low: interval?.low ?? Number.NaN,
    high: interval?.high ?? Number.NaN,
    p: twoSidedP(differences),
  };
}

/** Image AUROC per category and in the mean, observed and resampled. */
export function resampleAuroc(
  strata: readonly ImageStrata[],
  options: { readonly resamples: number; readonly seed: number },
): AurocResamples {
  const categories = new Map<string, Resampled>();
  for (const each of strata) {
    const resampled = resampleImageMetrics(each, options)?.imageAuroc;
    const labels = Uint8Array.from(each.scores, (_, i) => (i < each.anomalousPaths.length ? 1 : 0));
    const observed = areaUnderRoc(each.scores, labels);
    if (resampled !== undefined && observed !== null) {
      categories.set(each.category, { observed, resampled });
    }
  }
  return { categories, mean: meanOf([...categories.values()]) };
}

/** Unweighted mean of several results, resample by resample; null of none. */
export function meanOf(results: readonly Resampled[]): Resampled | null {
  const [first] = results;
  if (first === undefined) return null;
  const resampled = new Float64Array(first.resampled.length);
  for (const result of results) {
    for (let b = 0; b < resampled.length; b += 1) resampled[b]! += result.resampled[b]!;
  }
  return {
    observed: results.reduce((sum, { observed }) => sum + observed, 0) / results.length,
    resampled: resampled.map((sum) => sum / results.length),
  };
}
