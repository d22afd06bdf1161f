/** @file The range of a heatmap's colors: fixed for a model version, so that two heatmaps can be compared. */
import type { Prediction, TrainedVersion } from '@plumbline/contracts';

/** Ends of the scale as multiples of the pooled pixel threshold: normal texture stays clear, an alarm is bright. */
const LOW = 0.25;
const HIGH = 1.25;

/** In anomaly-map units, whatever the image, category and threshold profile: the bundle's own pixel threshold sets it. */
export function heatmapScale({ manifest }: TrainedVersion): Prediction['heatmapScale'] {
  const { pixelThreshold } = manifest.thresholds.pooled;
  return { low: LOW * pixelThreshold, high: HIGH * pixelThreshold };
}
