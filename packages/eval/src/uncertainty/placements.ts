/**
 * @file Variance and covariance of AUROCs over the same images (E. DeLong, D. DeLong, D. Clarke-Pearson, Biometrics 44,
 * 1988), by the placement of each image among those of the other label.
 */
import type { ImageStrata } from './image-strata.ts';
import { type Estimate, largestSampleOf, toEstimate } from './score-interval.ts';

export interface Placements {
  /** The AUROC: the mean of either. */
  readonly auroc: number;
  /** Of each anomalous image, the share of normal ones that score lower, equal ones one half; f64. */
  readonly anomalous: Float64Array;
  /** Of each normal image, the share of anomalous ones that score higher; f64. */
  readonly normal: Float64Array;
}

/** @returns null if one label is missing */
export function placementsOf({ anomalousPaths, scores }: ImageStrata): Placements | null {
  const split = anomalousPaths.length;
  const anomalous = new Float64Array(split);
  const normal = new Float64Array(scores.length - split);
  if (anomalous.length === 0 || normal.length === 0) return null;
  const order = Int32Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!);
  let hitsBelow = 0;
  let normalsBelow = 0;
  for (let from = 0; from < order.length; ) {
    let to = from;
    let hits = 0;
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) {
      if (order[to]! < split) hits += 1;
      to += 1;
    }
    const normals = to - from - hits;
    for (const image of order.subarray(from, to)) {
      if (image < split) anomalous[image] = (normalsBelow + normals / 2) / normal.length;
      else normal[image - split] = 1 - (hitsBelow + hits / 2) / split;
    }
    hitsBelow += hits;
    normalsBelow += normals;
    from = to;
  }
  return { auroc: meanOf(anomalous), anomalous, normal };
}

/** Image by image, of several models over the same images: the placements of their mean AUROC. */
export function meanPlacements(all: readonly Placements[]): Placements {
  const average = (of: (one: Placements) => Float64Array) => {
    const sums = new Float64Array(of(all[0]!).length);
    for (const one of all)
      of(one).forEach((value, i) => {
        sums[i]! += value / all.length;
      });
    return sums;
  };
  const anomalous = average((one) => one.anomalous);
  return { auroc: meanOf(anomalous), anomalous, normal: average((one) => one.normal) };
}

/** Covariance of two AUROCs over the same images; of one with itself, its variance. */
export function aurocCovariance(a: Placements, b: Placements): number {
  const { auroc: meanA } = a;
  const { auroc: meanB } = b;
  const part = (of: (one: Placements) => Float64Array) => {
    const [valuesA, valuesB] = [of(a), of(b)];
    const count = valuesA.length;
    if (count < 2) return 0;
    let sum = 0;
    for (let i = 0; i < count; i += 1) sum += (valuesA[i]! - meanA) * (valuesB[i]! - meanB);
    return sum / (count - 1) / count;
  };
  return part((one) => one.anomalous) + part((one) => one.normal);
}

export function aurocEstimate(placements: Placements): Estimate {
  const { auroc, anomalous, normal } = placements;
  return toEstimate(auroc, {
    variance: aurocCovariance(placements, placements),
    largestSample: largestSampleOf(anomalous.length, normal.length),
    degrees: Math.min(anomalous.length, normal.length) - 1,
  });
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
