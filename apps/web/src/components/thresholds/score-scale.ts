/** @file Where scores lie on the axis of a threshold panel, and how many lie where. */
import type { ImageResult, Threshold } from '@plumbline/contracts';

export interface ScoreScale {
  readonly low: number;
  readonly high: number;
}

export interface CategoryScores {
  readonly category: string;
  /** Held-out normal training images: what thresholds are set from. */
  readonly heldOut: readonly number[];
  readonly testNormal: readonly number[];
  readonly testAnomalous: readonly number[];
}

const MARGIN = 0.05;

export function categoryScores(
  category: string,
  threshold: Threshold,
  images: readonly ImageResult[],
): CategoryScores {
  const of = (label: ImageResult['label']) =>
    images
      .filter((image) => image.category === category && image.label === label)
      .map((image) => image.imageScore);
  return {
    category,
    heldOut: threshold.heldOutScores,
    testNormal: of('normal'),
    testAnomalous: of('anomalous'),
  };
}

/** Holds all scores and the given cuts, with a margin. */
export function scoreScale(scores: CategoryScores, cuts: readonly number[]): ScoreScale {
  const values = [...scores.heldOut, ...scores.testNormal, ...scores.testAnomalous, ...cuts];
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const margin = (high - low) * MARGIN || Math.abs(high) * MARGIN || 1;
  return { low: low - margin, high: high + margin };
}

/** 0 at the low end, 1 at the high end. */
export function placeOf(value: number, { low, high }: ScoreScale): number {
  return Math.min(1, Math.max(0, (value - low) / (high - low)));
}

export function valueAt(place: number, { low, high }: ScoreScale): number {
  return low + Math.min(1, Math.max(0, place)) * (high - low);
}

/** Counts in `bins` bins of equal width over the scale; scores at its ends count into the outer bins. */
export function binCounts(values: readonly number[], scale: ScoreScale, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    const bin = Math.min(bins - 1, Math.floor(placeOf(value, scale) * bins));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}
