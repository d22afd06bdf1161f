/** @file Percentile intervals and p-values of resampled values, and Holm's correction. */
import type { Interval } from '@plumbline/contracts';

export const DEFAULT_CONFIDENCE = 0.95;
/** Of every interval; 1000 put 25 resamples beyond each end of a 95 % interval (`methods.md` 6.10). */
export const DEFAULT_RESAMPLES = 1000;

/**
 * Central interval that holds `confidence` of the values, by linear interpolation between order statistics.
 *
 * @param values f64 `[B]`; NaN where a resample leaves the number undefined, left out
 * @returns null without a defined value
 */
export function percentileInterval(
  values: Float64Array,
  confidence = DEFAULT_CONFIDENCE,
): Interval {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return null;
  const tail = (1 - confidence) / 2;
  return { low: sortedQuantile(sorted, tail), high: sortedQuantile(sorted, 1 - tail) };
}

function sortedQuantile(sorted: Float64Array, p: number): number {
  const position = (sorted.length - 1) * p;
  const low = sorted[Math.floor(position)]!;
  const high = sorted[Math.ceil(position)]!;
  return low + (high - low) * (position - Math.floor(position));
}

/**
 * Two-sided p of "the difference is zero": twice the smaller share of resampled differences on one side of zero, the
 * observed one counted in, so that it is never 0 (A. Davison, D. Hinkley, "Bootstrap Methods", 1997, 4.2).
 */
export function twoSidedP(differences: Float64Array): number {
  let atMost = 1;
  let atLeast = 1;
  for (const difference of differences) {
    if (difference <= 0) atMost += 1;
    if (difference >= 0) atLeast += 1;
  }
  return Math.min(1, (2 * Math.min(atMost, atLeast)) / (differences.length + 1));
}

/** Holm's step-down correction of p-values (S. Holm, Scand. J. Statist. 6, 1979), in the order given. */
export function holm(ps: readonly number[]): number[] {
  const order = [...ps.keys()].sort((a, b) => ps[a]! - ps[b]!);
  const adjusted = new Array<number>(ps.length).fill(1);
  let floor = 0;
  for (const [step, index] of order.entries()) {
    floor = Math.max(floor, Math.min(1, (ps.length - step) * ps[index]!));
    adjusted[index] = floor;
  }
  return adjusted;
}
