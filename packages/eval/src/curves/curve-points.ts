/** @file ROC, PR and PRO curves as few points, and histograms of image scores: what a report draws. */
import type { Label } from '@plumbline/contracts';
import type { RankedCurve } from './ranked-curve.ts';

/** Points of equal index belong together; `[K]` each. */
export interface CurvePoints {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

export type CurveKind = 'roc' | 'pr' | 'pro';

/** Enough for a smooth line on a screen. */
export const MAX_CURVE_POINTS = 200;

/**
 * A curve thinned to at most `maxPoints`; its ends and the two ends of every long straight piece stay.
 *
 * - `roc`: x = false positive rate, y = true positive rate, from (0, 0) to (1, 1)
 * - `pr`: x = recall, y = precision, a point per threshold that kept it, from the highest threshold down
 * - `pro`: x = false positive rate over normal pixels, y = mean overlap of the regions, from (0, 0) to (1, 1)
 *
 * @returns null where the curve is undefined: a class is missing, or `pro` without regions
 */
export function curvePoints(
  curve: RankedCurve,
  kind: CurveKind,
  maxPoints = MAX_CURVE_POINTS,
): CurvePoints | null {
  if (curve.positives === 0 || curve.negatives === 0) return null;
  if (kind === 'pr') return thin(precisionRecall(curve), maxPoints);
  const heights =
    kind === 'roc'
      ? Float64Array.from(curve.truePositives, (hits) => hits / curve.positives)
      : curve.regionOverlap;
  return heights === null ? null : thin(againstFalsePositives(curve, heights), maxPoints);
}

interface Vertices {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

function precisionRecall(curve: RankedCurve): Vertices {
  const { truePositives, falsePositives, positives } = curve;
  return {
    x: Float64Array.from(truePositives, (hits) => hits / positives),
    y: Float64Array.from(truePositives, (hits, k) => hits / (hits + falsePositives[k]!)),
  };
}

/** Normal samples between two positive scores make a level piece, whose end is a vertex too. */
function againstFalsePositives(curve: RankedCurve, heights: Float64Array): Vertices {
  const { negativesAbove, falsePositives, negatives } = curve;
  const points = heights.length;
  const x = new Float64Array(2 * points + 2);
  const y = new Float64Array(2 * points + 2);
  for (let k = 0; k < points; k += 1) {
    x[2 * k + 1] = negativesAbove[k]! / negatives;
    y[2 * k + 1] = k === 0 ? 0 : heights[k - 1]!;
    x[2 * k + 2] = falsePositives[k]! / negatives;
    y[2 * k + 2] = heights[k]!;
  }
  x[2 * points + 1] = 1;
  y[2 * points + 1] = heights[points - 1]!;
  return { x, y };
}

/** Keeps a vertex when the way since the last one kept is long enough, and the vertex before a jump. */
function thin({ x, y }: Vertices, maxPoints: number): CurvePoints {
  const last = x.length - 1;
  const way = (from: number, to: number) =>
    Math.abs(x[to]! - x[from]!) + Math.abs(y[to]! - y[from]!);
  let length = 0;
  for (let k = 1; k <= last; k += 1) length += way(k - 1, k);
  // Each stretch of one step keeps at most two vertices; the two ends come on top.
  const step = x.length <= maxPoints ? 0 : length / ((maxPoints - 2) / 2);
  const kept = [0];
  let keptLast = 0;
  let sinceKept = 0;
  for (let k = 1; k <= last; k += 1) {
    const stride = way(k - 1, k);
    sinceKept += stride;
    if (k !== last && (stride === 0 || sinceKept < step)) continue;
    if (step > 0 && stride >= step && k - 1 !== keptLast) kept.push(k - 1);
    kept.push(k);
    keptLast = k;
    sinceKept = 0;
  }
  return { x: kept.map((k) => x[k]!), y: kept.map((k) => y[k]!) };
}

/** Bins of equal width over `[low, high]`, the last one closed. */
export interface ScoreHistogram {
  readonly low: number;
  readonly high: number;
  readonly normal: readonly number[];
  readonly anomalous: readonly number[];
}

/** Image scores by label on one scale; null without images. */
export function scoreHistogram(
  images: readonly { readonly label: Label; readonly imageScore: number }[],
  bins = 40,
): ScoreHistogram | null {
  const [first] = images;
  if (first === undefined) return null;
  let low = first.imageScore;
  let high = low;
  for (const { imageScore } of images) {
    low = Math.min(low, imageScore);
    high = Math.max(high, imageScore);
  }
  const counts = {
    normal: new Array<number>(bins).fill(0),
    anomalous: new Array<number>(bins).fill(0),
  };
  const width = (high - low) / bins;
  for (const { label, imageScore } of images) {
    const bin = width > 0 ? Math.min(bins - 1, Math.floor((imageScore - low) / width)) : 0;
    counts[label][bin]! += 1;
  }
  return { low, high, ...counts };
}
