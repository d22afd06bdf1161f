/** @file The range of a heatmap's colors: fixed for a category of a model version, so that two heatmaps can be compared. */
import type { Prediction } from '@plumbline/contracts';

/** Ends of the scale as multiples of the pixel threshold: normal texture stays clear, an alarm is bright. */
const LOW = 0.25;
const HIGH = 1.25;

/** @param pixelThreshold Of the category that the image is of, anomaly-map units. */
export function heatmapScale(pixelThreshold: number): Prediction['heatmapScale'] {
  return { low: LOW * pixelThreshold, high: HIGH * pixelThreshold, threshold: pixelThreshold };
}
