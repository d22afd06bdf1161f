/**
 * @file The ranked curve: what AUROC, AP, F1-max and AUPRO all read, so that scores are sorted once.
 *
 * Between two scores of positives only the number of negatives changes, and no metric gains there. So the curve keeps
 * one point per distinct positive score (K points), which is exact and far smaller than one per distinct score.
 */
import { DomainError } from '@plumbline/contracts';
import { sortScores } from './radix-sort.ts';

export type Scores = Float32Array | Float64Array;
/** Whole numbers; float64 where they are weighted or beyond 2^32. */
export type Counts = Uint32Array | Float64Array;

/** Points in order of descending threshold. All arrays are `[K]`; counts are of samples (images or pixels). */
export interface RankedCurve {
  readonly positives: number;
  readonly negatives: number;
  /** Distinct scores of positives, descending. */
  readonly thresholds: Scores;
  /** Positives with a score >= the threshold. */
  readonly truePositives: Counts;
  /** Negatives with a score > the threshold. */
  readonly negativesAbove: Counts;
  /** Negatives with a score >= the threshold: the false positives. */
  readonly falsePositives: Counts;
  /** Mean share of each region at or above the threshold, in [0, 1]; null where there are no regions (image level). */
  readonly regionOverlap: Float64Array | null;
}

/** Sorted sides of a curve, ascending. `regions` holds the region of each positive, an index into `weights`. */
export interface RankedSides {
  readonly positives: Scores;
  readonly negatives: Scores;
  readonly regions: Int32Array | null;
  /** What one pixel of a region adds to the region overlap: 1 / (pixels of the region · regions). */
  readonly weights: Float64Array | null;
}

/**
 * Sorts scores into a ranked curve.
 *
 * @param scores f32 or f64 `[N]`, finite, any scale
 * @param labels u8 `[N]`, non-zero = anomalous
 * @throws DomainError INVALID_INPUT if the lengths differ or a score is not finite
 */
export function rankedCurve(scores: Scores, labels: Uint8Array): RankedCurve {
  if (scores.length !== labels.length) {
    throw new DomainError(
      'INVALID_INPUT',
      `There are ${scores.length} scores for ${labels.length} labels.`,
      { field: 'labels', fix: 'Give exactly one label for each score.' },
    );
  }
  let positiveCount = 0;
  for (let i = 0; i < labels.length; i += 1) if (labels[i] !== 0) positiveCount += 1;
  const isSingle = scores instanceof Float32Array;
  const make = (size: number): Scores =>
    isSingle ? new Float32Array(size) : new Float64Array(size);
  const positives = make(positiveCount);
  const negatives = make(scores.length - positiveCount);
  let p = 0;
  let n = 0;
  for (let i = 0; i < scores.length; i += 1) {
    const score = scores[i]!;
    if (!Number.isFinite(score)) {
      throw new DomainError('INVALID_INPUT', `Score ${i} is ${score}, not a finite number.`, {
        field: 'scores',
        fix: 'Remove the sample, or find out why the model gave it no finite score.',
      });
    }
    if (labels[i] === 0) negatives[n++] = score;
    else positives[p++] = score;
  }
  return curveFromSides({
    positives: sortAscending(positives),
    negatives: sortAscending(negatives),
    regions: null,
    weights: null,
  });
}

function sortAscending(scores: Scores): Scores {
  return scores instanceof Float32Array ? sortScores(scores, null).scores : scores.sort();
}

/** Merges sorted positives and negatives into the curve. */
export function curveFromSides(sides: RankedSides): RankedCurve {
  const { positives, negatives, regions, weights } = sides;
  let points = 0;
  for (let i = 0; i < positives.length; i += 1) {
    if (i === 0 || positives[i] !== positives[i - 1]) points += 1;
  }
  const thresholds =
    positives instanceof Float32Array ? new Float32Array(points) : new Float64Array(points);
  const truePositives = new Uint32Array(points);
  const negativesAbove = new Uint32Array(points);
  const falsePositives = new Uint32Array(points);
  const regionOverlap = regions === null ? null : new Float64Array(points);
  let overlap = 0;
  let p = positives.length - 1; // next positive to take, from the highest down
  let n = negatives.length - 1;
  for (let k = 0; k < points; k += 1) {
    const threshold = positives[p]!;
    while (n >= 0 && negatives[n]! > threshold) n -= 1;
    negativesAbove[k] = negatives.length - 1 - n;
    while (n >= 0 && negatives[n]! === threshold) n -= 1;
    falsePositives[k] = negatives.length - 1 - n;
    while (p >= 0 && positives[p]! === threshold) {
      if (regions !== null && weights !== null) overlap += weights[regions[p]!]!;
      p -= 1;
    }
    truePositives[k] = positives.length - 1 - p;
    thresholds[k] = threshold;
    if (regionOverlap !== null) regionOverlap[k] = Math.min(1, overlap); // sums may round past 1
  }
  return {
    positives: positives.length,
    negatives: negatives.length,
    thresholds,
    truePositives,
    negativesAbove,
    falsePositives,
    regionOverlap,
  };
}
