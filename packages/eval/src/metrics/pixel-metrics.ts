/** @file The pixel metrics of a ranked curve. */
import {
  byMetric,
  type Metrics,
  PIXEL_METRIC_NAMES,
  type PixelMetricName,
} from '@plumbline/contracts';
import type { RankedCurve } from '../curves/ranked-curve.ts';
import {
  curveAupro,
  curveAuroc,
  curveAveragePrecision,
  curveF1Max,
  curveIouMax,
} from './curve-metrics.ts';

export type PixelMetrics = Pick<Metrics, PixelMetricName>;

export const UNDEFINED_PIXEL_METRICS: PixelMetrics = byMetric(PIXEL_METRIC_NAMES, () => null);

type OfPixels = (curve: RankedCurve, aupimo: number | null) => number | null;

const OF_PIXELS: Readonly<Record<PixelMetricName, OfPixels>> = {
  pixelAuroc: curveAuroc,
  pixelAp: curveAveragePrecision,
  pixelF1Max: (curve) => curveF1Max(curve)?.value ?? null,
  pixelIouMax: curveIouMax,
  aupro30: (curve) => curveAupro(curve, 0.3),
  aupro05: (curve) => curveAupro(curve, 0.05),
  aupro01: (curve) => curveAupro(curve, 0.01),
  aupimo: (_, aupimo) => aupimo,
};

/** @param aupimo is not of the curve: its false positive rate is that of normal images alone. */
export function pixelMetricsOf(curve: RankedCurve, aupimo: number | null): PixelMetrics {
  return byMetric(PIXEL_METRIC_NAMES, (metric) => OF_PIXELS[metric](curve, aupimo));
}
