/** @file AUROC, AP, F1-max, IoU-max and AUPRO of a ranked curve. All exact; all null where they are undefined. */
import { DomainError } from '@plumbline/contracts';
import type { RankedCurve } from '../curves/ranked-curve.ts';

/** A curve says nothing about ranking when one class is missing. */
function hasBothClasses(curve: RankedCurve): boolean {
  return curve.positives > 0 && curve.negatives > 0;
}

/**
 * Area under the ROC curve: the chance that a random positive outranks a random negative, ties counting one half
 * (the Mann-Whitney statistic with mid-ranks; Hanley & McNeil, Radiology 143, 1982).
 *
 * @returns in [0, 1], or null if one class is missing
 */
export function curveAuroc(curve: RankedCurve): number | null {
  if (!hasBothClasses(curve)) return null;
  let outranked = 0;
  let before = 0;
  for (let k = 0; k < curve.thresholds.length; k += 1) {
    const above = curve.negativesAbove[k]!;
    const atOrAbove = curve.falsePositives[k]!;
    const here = curve.truePositives[k]! - before;
    before += here;
    outranked += here * (curve.negatives - (above + atOrAbove) / 2);
  }
  return outranked / (curve.positives * curve.negatives);
}

/**
 * Average precision Σ (R_k − R_{k−1}) · P_k over distinct thresholds: the step definition (scikit-learn's
 * `average_precision_score`), not the trapezoid.
 *
 * @returns in [0, 1], or null if one class is missing
 */
export function curveAveragePrecision(curve: RankedCurve): number | null {
  if (!hasBothClasses(curve)) return null;
  let sum = 0;
  let before = 0;
  for (let k = 0; k < curve.thresholds.length; k += 1) {
    const hits = curve.truePositives[k]!;
    sum += ((hits - before) * hits) / (hits + curve.falsePositives[k]!);
    before = hits;
  }
  return sum / curve.positives;
}

/**
 * Largest F1 = 2TP / (2TP + FP + FN) over every distinct threshold (`>=` is anomalous), and where it is reached; the
 * highest such threshold if several reach it.
 *
 * @returns `value` in [0, 1] and `threshold` on the scores' scale, or null if one class is missing
 */
export function curveF1Max(curve: RankedCurve): { value: number; threshold: number } | null {
  if (!hasBothClasses(curve)) return null;
  let value = -1;
  let threshold = 0;
  for (let k = 0; k < curve.thresholds.length; k += 1) {
    const hits = curve.truePositives[k]!;
    // 2TP + FP + FN = predicted positives + actual positives
    const f1 = (2 * hits) / (hits + curve.falsePositives[k]! + curve.positives);
    if (f1 > value) {
      value = f1;
      threshold = curve.thresholds[k]!;
    }
  }
  return { value, threshold };
}

/**
 * Largest intersection over union TP / (TP + FP + FN) over every distinct threshold.
 *
 * @returns in [0, 1], or null if one class is missing
 */
export function curveIouMax(curve: RankedCurve): number | null {
  const f1 = curveF1Max(curve);
  return f1 === null ? null : f1.value / (2 - f1.value); // one rises with the other: IoU = F1 / (2 − F1)
}

/**
 * Area under the per-region-overlap curve up to a false positive rate of `limit`, divided by `limit` (Bergmann et al.,
 * "The MVTec Anomaly Detection Dataset", IJCV 129, 2021). The curve starts at (0, 0), has a vertex at every distinct
 * score, and is interpolated linearly at the limit.
 *
 * @param limit false positive rate in (0, 1]
 * @returns in [0, 1], or null without regions or without normal pixels
 */
export function curveAupro(curve: RankedCurve, limit: number): number | null {
  if (!(limit > 0 && limit <= 1)) {
    throw new DomainError('INVALID_INPUT', `The false positive rate limit is ${limit}.`, {
      field: 'limit',
      fix: 'Use a limit above 0 and at most 1, such as 0.3.',
    });
  }
  const { regionOverlap, negatives } = curve;
  if (regionOverlap === null || !hasBothClasses(curve)) return null;
  let area = 0;
  let rate = 0;
  let overlap = 0;
  for (let k = 0; k < regionOverlap.length && rate < limit; k += 1) {
    const rateAbove = Math.min(limit, curve.negativesAbove[k]! / negatives);
    area += (rateAbove - rate) * overlap; // only normal pixels on the way: flat
    rate = rateAbove;
    const nextRate = curve.falsePositives[k]! / negatives;
    const nextOverlap = regionOverlap[k]!;
    if (nextRate > rate) {
      const end = Math.min(limit, nextRate);
      const overlapAtEnd = overlap + ((nextOverlap - overlap) * (end - rate)) / (nextRate - rate);
      area += ((end - rate) * (overlap + overlapAtEnd)) / 2;
      rate = end;
    }
    overlap = nextOverlap;
  }
  if (rate < limit) area += (limit - rate) * overlap;
  return Math.min(1, area / limit);
}
