/** @file The range of a heatmap's colors: fixed for a model version, so that two heatmaps can be compared. */
import type { ModelVersion, Prediction } from '@plumbline/contracts';

/**
 * From 0 to twice the pooled pixel threshold, in anomaly-map units: the threshold lies in the middle of the scale,
 * whatever the image and category.
 */
export function heatmapScale({ manifest }: ModelVersion): Prediction['heatmapScale'] {
  return { low: 0, high: 2 * manifest.thresholds.pooled.pixelThreshold };
}
