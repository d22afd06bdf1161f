/** @file All categories together at one threshold: what per-category numbers hide. */
import type { Label, PooledMetrics } from '@plumbline/contracts';
import { type RankedCurve, rankedCurve } from '../curves/ranked-curve.ts';
import { curveF1Max } from './curve-metrics.ts';
import { imageMetricsOf } from './image-metrics.ts';

interface ScoredLabel {
  readonly category: string;
  readonly label: Label;
  readonly imageScore: number;
}

/** Image scores as a ranked curve. */
export function imageCurve(images: readonly Omit<ScoredLabel, 'category'>[]): RankedCurve {
  return rankedCurve(
    Float64Array.from(images, (image) => image.imageScore),
    Uint8Array.from(images, (image) => (image.label === 'anomalous' ? 1 : 0)),
  );
}

/**
 * Image metrics over all test images of all categories ranked together, and the calibration gap: the mean F1-max of the
 * categories, each at its own best threshold, minus their mean F1 at the one threshold with the largest F1 over all
 * images. Both means are over the categories where F1-max is defined. The gap is what a common threshold costs because
 * categories' scores lie on different levels (`methods.md` 3.5).
 */
export function pooledMetrics(images: readonly ScoredLabel[]): PooledMetrics {
  const curve = imageCurve(images);
  const best = curveF1Max(curve);
  const byCategory = new Map<string, ScoredLabel[]>();
  for (const image of images) {
    const members = byCategory.get(image.category);
    if (members) members.push(image);
    else byCategory.set(image.category, [image]);
  }
  const own: number[] = [];
  const common: number[] = [];
  for (const name of [...byCategory.keys()].sort()) {
    const members = byCategory.get(name) ?? [];
    const f1Max = curveF1Max(imageCurve(members));
    if (f1Max === null || best === null) continue;
    own.push(f1Max.value);
    common.push(f1At(members, best.threshold));
  }
  const meanOwn = meanOf(own);
  const meanCommon = meanOf(common);
  return {
    ...imageMetricsOf(curve),
    meanF1AtPooledThreshold: meanCommon,
    calibrationGap: meanOwn === null || meanCommon === null ? null : meanOwn - meanCommon,
  };
}

/** F1 = 2TP / (2TP + FP + FN) at a threshold; `>=` is anomalous. At least one image is anomalous. */
function f1At(images: readonly ScoredLabel[], threshold: number): number {
  let hits = 0;
  let predicted = 0;
  let positives = 0;
  for (const { label, imageScore } of images) {
    const isAnomalous = label === 'anomalous';
    if (isAnomalous) positives += 1;
    if (imageScore < threshold) continue;
    predicted += 1;
    if (isAnomalous) hits += 1;
  }
  return (2 * hits) / (predicted + positives);
}

function meanOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
