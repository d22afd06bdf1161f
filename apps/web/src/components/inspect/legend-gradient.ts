/** @file The bar of a heatmap's legend: its colors, and where the threshold is on it. */
import { dimmedGray, heatmapPaint, type PaintScale, placeOnScale } from '@plumbline/contracts';

const STOPS = 48;

/** The bar begins at zero where that shows how far the threshold is from it. */
export function legendStart({ low, threshold }: PaintScale): number {
  return threshold === undefined ? low : Math.min(0, low);
}

/** Stops of a CSS gradient from `legendStart` to the top of the scale, over a photo of middle gray. */
export function legendGradient(scale: PaintScale): string {
  const start = legendStart(scale);
  const gray = dimmedGray(128, 128, 128);
  const stops = Array.from({ length: STOPS + 1 }, (_, index) => {
    // The last stop is the top of the scale, whatever rounding makes of the sum.
    const share = index / STOPS;
    const value = index === STOPS ? scale.high : start + (scale.high - start) * share;
    const { color, opacity } = heatmapPaint(value, scale);
    const [red, green, blue] = color.map((one) => Math.round(gray + (one - gray) * opacity));
    return `rgb(${red} ${green} ${blue}) ${Number((100 * share).toFixed(1))}%`;
  });
  return stops.join(', ');
}

/** Share of the bar's length; null without a threshold. */
export function thresholdPlace(scale: PaintScale): number | null {
  const { threshold, high } = scale;
  return threshold === undefined
    ? null
    : placeOnScale(threshold, { low: legendStart(scale), high });
}
