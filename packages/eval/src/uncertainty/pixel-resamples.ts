/** @file Bootstrap of the pixel metrics over images, stratified by label, on the grid of `pixel-grid.ts`. */
import { byMetric, PIXEL_METRIC_NAMES, type PixelMetricName } from '@plumbline/contracts';
import { binnedAupimo, binnedCurve } from '../curves/binned-curve.ts';
import { type PixelMetrics, pixelMetricsOf } from '../metrics/pixel-metrics.ts';
import { drawCounts, type ResampleOptions } from './image-resamples.ts';
import type { PixelGrid } from './pixel-grid.ts';
import { RandomStream } from './random-stream.ts';

/** One value per resample, f64 `[B]` each; NaN where a resample leaves the metric undefined. */
export type PixelResamples = Readonly<Record<PixelMetricName, Float64Array>>;

/**
 * Resamples the images on the grid. A grid is coarser than the metrics are: each resampled value is moved by what the
 * grid makes of the images as they are, so that the values spread around the exact metric.
 *
 * @param exact what the metrics of the images as they are really are
 * @param name  of the stream of random numbers
 */
export function resamplePixelMetrics(
  grid: PixelGrid,
  exact: PixelMetrics,
  name: string,
  options: ResampleOptions,
): PixelResamples {
  const rows = grid.normalRows + grid.anomalousRows;
  const counts = new Uint32Array(rows).fill(1);
  const bins = grid.emptyBins();
  const measure = (): PixelMetrics => {
    const totals = grid.addUp(counts, bins);
    const curve = binnedCurve(bins, totals, (bin) => grid.lowerEnd(bin));
    return pixelMetricsOf(curve, binnedAupimo(bins, totals));
  };
  const onGrid = measure();
  const result = byMetric(PIXEL_METRIC_NAMES, () =>
    new Float64Array(options.resamples).fill(Number.NaN),
  );
  const random = new RandomStream(options.seed, `pixels of ${name}`);
  for (let b = 0; b < options.resamples; b += 1) {
    drawCounts(counts, grid.normalRows, random);
    const drawn = measure();
    for (const metric of PIXEL_METRIC_NAMES) {
      const [value, before, after] = [drawn[metric], onGrid[metric], exact[metric]];
      if (value === null || before === null || after === null) continue;
      result[metric][b] = Math.min(1, Math.max(0, value + after - before));
    }
  }
  return result;
}
