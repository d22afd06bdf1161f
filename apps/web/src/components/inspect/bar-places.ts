/** @file Where an image score and its threshold lie along one bar. */

/**
 * @returns Both as shares of the bar, 0 to 1. The bar begins at zero (or below the smaller value when that is
 *   negative) and ends a quarter beyond the larger one.
 */
export function barPlaces(imageScore: number, threshold: number): { score: number; cut: number } {
  const low = Math.min(0, imageScore, threshold);
  const span = (Math.max(imageScore, threshold, 0) - low) * 1.25;
  if (span === 0) return { score: 0, cut: 0 };
  return { score: (imageScore - low) / span, cut: (threshold - low) / span };
}
