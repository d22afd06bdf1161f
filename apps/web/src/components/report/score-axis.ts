/** @file The histogram of image scores on an axis that categories have in common: multiples of their thresholds. */
import {
  type ImageResult,
  type ScoreHistogram,
  scoreRatio,
  type ThresholdProfile,
  thresholdOf,
} from '@plumbline/contracts';

/**
 * Bins of equal width over the multiples of each image's own threshold, the last one closed.
 * @returns Null without images, or where a threshold divides nothing.
 */
export function ratioHistogram(
  images: readonly ImageResult[],
  thresholds: ThresholdProfile,
  bins: number,
): ScoreHistogram | null {
  const ratios = images.map((image) =>
    scoreRatio(image.imageScore, thresholdOf(thresholds, image.category).imageThreshold),
  );
  if (ratios.length === 0 || ratios.includes(null)) return null;
  const values = ratios.map(Number);
  const low = values.reduce((least, value) => Math.min(least, value));
  const high = values.reduce((most, value) => Math.max(most, value));
  const histogram = {
    low,
    high,
    normal: new Array<number>(bins).fill(0),
    anomalous: new Array<number>(bins).fill(0),
  };
  images.forEach(({ label }, index) => {
    const share = high > low ? ((values[index] ?? low) - low) / (high - low) : 0;
    const bin = Math.min(bins - 1, Math.floor(share * bins));
    histogram[label][bin] = (histogram[label][bin] ?? 0) + 1;
  });
  return histogram;
}
