/** @file The metrics of scores and labels, or of maps and masks, for who needs just one of them. */

import { type MapSize, pixelCurve } from '../curves/pixel-curve.ts';
import { rankedCurve, type Scores } from '../curves/ranked-curve.ts';
import { curveAupro, curveAuroc, curveAveragePrecision, curveF1Max } from './curve-metrics.ts';

/**
 * Area under the ROC curve, mid-ranks for ties (Hanley & McNeil, Radiology 143, 1982).
 *
 * @param scores f32 or f64 `[N]`, finite, any scale
 * @param labels u8 `[N]`, non-zero = anomalous
 * @returns in [0, 1], or null if one class is missing
 */
export function areaUnderRoc(scores: Scores, labels: Uint8Array): number | null {
  return curveAuroc(rankedCurve(scores, labels));
}

/**
 * Average precision, step definition (scikit-learn's `average_precision_score`).
 *
 * @param scores f32 or f64 `[N]`, finite, any scale
 * @param labels u8 `[N]`, non-zero = anomalous
 * @returns in [0, 1], or null if one class is missing
 */
export function averagePrecision(scores: Scores, labels: Uint8Array): number | null {
  return curveAveragePrecision(rankedCurve(scores, labels));
}

/**
 * Largest F1 over every distinct threshold, and the threshold that reaches it.
 *
 * @param scores f32 or f64 `[N]`, finite, any scale
 * @param labels u8 `[N]`, non-zero = anomalous
 * @returns `value` in [0, 1] and `threshold` (`>=` is anomalous), or null if one class is missing
 */
export function f1Max(
  scores: Scores,
  labels: Uint8Array,
): { value: number; threshold: number } | null {
  return curveF1Max(rankedCurve(scores, labels));
}

/**
 * Exact AUPRO: 8-connected regions, every distinct score a threshold, false positive rate over all normal pixels of all
 * maps, linear interpolation at the limit, divided by the limit (Bergmann et al., IJCV 129, 2021).
 *
 * @param maps  f32 `[H·W]` each, finite
 * @param masks u8 `[H·W]` each, non-zero = anomalous
 * @param options.limit false positive rate in (0, 1]
 * @returns in [0, 1], or null without regions or without normal pixels
 */
export function aupro(
  maps: readonly Float32Array[],
  masks: readonly Uint8Array[],
  options: MapSize & { readonly limit: number },
): number | null {
  return curveAupro(pixelCurve(maps, masks, options), options.limit);
}
