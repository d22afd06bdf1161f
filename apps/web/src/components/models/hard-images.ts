/** @file The test images worth a look: false alarms and misses, the worst first. */
import { type ImageResult, type ThresholdProfile, thresholdOf } from '@plumbline/contracts';

export interface HardImages {
  /** Normal images, highest image score first. */
  readonly normal: ImageResult[];
  /** Anomalous images, lowest image score first. */
  readonly anomalous: ImageResult[];
}

/** Scores of different categories are compared by how far they are from their own threshold. */
export function hardImages(
  images: readonly ImageResult[],
  thresholds: ThresholdProfile,
  count: number,
): HardImages {
  const margin = (image: ImageResult) =>
    image.imageScore / (imageThresholdOf(image, thresholds) || 1);
  const of = (label: ImageResult['label']) => images.filter((image) => image.label === label);
  return {
    normal: of('normal')
      .sort((a, b) => margin(b) - margin(a))
      .slice(0, count),
    anomalous: of('anomalous')
      .sort((a, b) => margin(a) - margin(b))
      .slice(0, count),
  };
}

/** The category's own threshold, or the pooled one. */
export function imageThresholdOf(image: ImageResult, thresholds: ThresholdProfile): number {
  return thresholdOf(thresholds, image.category).imageThreshold;
}
