/** @file Why a metric is undefined, in the words that every screen and document uses. */
import type { Metrics } from './metrics.ts';

/** Test images that a metric was asked of. */
export interface TestImageCounts {
  readonly normal: number;
  readonly anomalous: number;
}

/** Follows `undefined: `. */
export function undefinedReason(metric: keyof Metrics, counts: TestImageCounts): string {
  if (counts.anomalous === 0) return 'no anomalous test image';
  const isImageMetric = metric.startsWith('image');
  if (isImageMetric) return counts.normal === 0 ? 'no normal test image' : 'not computed';
  return 'no masks';
}

/** Number of categories where each metric is defined. */
export function definedOver(
  categories: Readonly<Record<string, Metrics>>,
  metric: keyof Metrics,
): number {
  return Object.values(categories).filter((metrics) => metrics[metric] !== null).length;
}
