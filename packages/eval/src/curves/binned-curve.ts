/** @file From pixels counted in bins of score to the ranked curve and AUPIMO. M bins, ascending. */
import { canMeasurePimo, pimoShare } from '../metrics/aupimo.ts';
import type { RankedCurve } from './ranked-curve.ts';

/** What each bin holds, f64 `[M]` each; counts may be weighted. */
export interface PixelBins {
  /** Pixels of normal images. */
  readonly normals: Float64Array;
  /** Normal pixels of anomalous images. */
  readonly negatives: Float64Array;
  readonly positives: Float64Array;
  /** Sum over the bin's anomalous pixels of 1 / (pixels of their region). */
  readonly overlap: Float64Array;
  /** Sum over the bin's anomalous pixels of 1 / (anomalous pixels of their image). */
  readonly recall: Float64Array;
}

/** Over which numbers overlap and recall are means. */
export interface PixelTotals {
  readonly regions: number;
  /** Anomalous images whose mask marks a pixel. */
  readonly images: number;
}

export function emptyBins(count: number): PixelBins {
  const make = () => new Float64Array(count);
  return {
    normals: make(),
    negatives: make(),
    positives: make(),
    overlap: make(),
    recall: make(),
  };
}

/**
 * The ranked curve that the bins give, with all scores of a bin taken as equal.
 *
 * @param thresholdOf lower end of a bin, on the scores' scale
 */
export function binnedCurve(
  bins: PixelBins,
  totals: PixelTotals,
  thresholdOf: (bin: number) => number,
): RankedCurve {
  const { normals, negatives, positives, overlap } = bins;
  let points = 0;
  for (let bin = 0; bin < positives.length; bin += 1) if (positives[bin]! > 0) points += 1;
  const thresholds = new Float64Array(points);
  const truePositives = new Float64Array(points);
  const negativesAbove = new Float64Array(points);
  const falsePositives = new Float64Array(points);
  const regionOverlap = new Float64Array(points);
  let hits = 0;
  let alarms = 0;
  let overlapSum = 0;
  let k = 0;
  for (let bin = positives.length - 1; bin >= 0; bin -= 1) {
    const before = alarms;
    alarms += normals[bin]! + negatives[bin]!;
    if (positives[bin] === 0) continue;
    hits += positives[bin]!;
    overlapSum += overlap[bin]!;
    thresholds[k] = thresholdOf(bin);
    truePositives[k] = hits;
    negativesAbove[k] = before;
    falsePositives[k] = alarms;
    regionOverlap[k] = Math.min(1, overlapSum / totals.regions); // sums may round past 1
    k += 1;
  }
  return {
    positives: hits,
    negatives: alarms,
    thresholds,
    truePositives,
    negativesAbove,
    falsePositives,
    regionOverlap,
  };
}

/** AUPIMO of the bins, with all scores of a bin taken as equal. */
export function binnedAupimo(bins: PixelBins, totals: PixelTotals): number | null {
  const { normals, recall } = bins;
  let total = 0;
  for (let bin = 0; bin < normals.length; bin += 1) total += normals[bin]!;
  if (!canMeasurePimo(total) || totals.images === 0) return null;
  let above = 0;
  let sum = 0;
  for (let bin = normals.length - 1; bin >= 0; bin -= 1) {
    above += normals[bin]!;
    const share = pimoShare(above, total);
    if (share === 0) break; // and in every lower bin
    sum += share * recall[bin]!;
  }
  return Math.min(1, sum / totals.images);
}
