/** @file The image metrics of a ranked curve. */
import {
  byMetric,
  IMAGE_METRIC_NAMES,
  type ImageMetricName,
  type Metrics,
} from '@plumbline/contracts';
import type { RankedCurve } from '../curves/ranked-curve.ts';
import { curveAuroc, curveAveragePrecision, curveF1Max } from './curve-metrics.ts';

export type ImageMetrics = Pick<Metrics, ImageMetricName>;

const OF_IMAGES: Readonly<Record<ImageMetricName, (curve: RankedCurve) => number | null>> = {
  imageAuroc: curveAuroc,
  imageAp: curveAveragePrecision,
  imageF1Max: (curve) => curveF1Max(curve)?.value ?? null,
};

export function imageMetricsOf(curve: RankedCurve): ImageMetrics {
  return byMetric(IMAGE_METRIC_NAMES, (metric) => OF_IMAGES[metric](curve));
}
