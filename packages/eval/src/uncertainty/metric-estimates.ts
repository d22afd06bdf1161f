/** @file How uncertain a category's metrics are: of the image AUROC by placements, of the others by resampling images. */
import {
  IMAGE_METRIC_NAMES,
  type MetricName,
  type Metrics,
  PIXEL_METRIC_NAMES,
} from '@plumbline/contracts';
import { f1MaxBias, type ResampleOptions, resampleImageMetrics } from './image-resamples.ts';
import type { ImageStrata } from './image-strata.ts';
import type { MetricEstimates } from './metric-intervals.ts';
import type { PixelResamples } from './pixel-resamples.ts';
import { aurocEstimate, placementsOf } from './placements.ts';
import {
  type Estimate,
  type EstimateOptions,
  largestSampleOf,
  toEstimate,
} from './score-interval.ts';

/**
 * Images of which a proportion close to 1 is as uncertain, at most, as a pixel metric of one image: its pixels are not
 * right or wrong together. A cautious guess that no simulation has confirmed yet.
 */
const PIXEL_SAMPLE_PER_IMAGE = 20;

/**
 * Where almost all images are ranked rightly, halves of them show less bias than there is: as in a continuity correction, part
 * of an image is added, so much that means of ten categories hold (`bench -- statistics --only image-coverage`).
 */
const QUARTER_OF_AN_IMAGE = 0.25;

/** @param strata of the category's images */
export function imageEstimates(
  metrics: Metrics,
  strata: ImageStrata,
  options: ResampleOptions,
): MetricEstimates {
  const placements = placementsOf(strata);
  const resampled = resampleImageMetrics(strata, options);
  if (placements === null || resampled === null) return {};
  const [anomalous, normal] = [placements.anomalous.length, placements.normal.length];
  const sample = {
    largestSample: largestSampleOf(anomalous, normal),
    degrees: Math.min(anomalous, normal) - 1,
  };
  const f1Bias = (f1MaxBias(strata, options) ?? 0) + QUARTER_OF_AN_IMAGE / sample.largestSample;
  const estimates: Partial<Record<MetricName, Estimate>> = {};
  for (const metric of IMAGE_METRIC_NAMES) {
    const bias = metric === 'imageF1Max' ? f1Bias : 0;
    const estimate = estimateOf(metrics[metric], resampled[metric], { ...sample, bias });
    if (estimate !== undefined) estimates[metric] = estimate;
  }
  return { ...estimates, imageAuroc: aurocEstimate(placements) };
}

/** @param images anomalous ones with a mask */
export function pixelEstimates(
  metrics: Metrics,
  resampled: PixelResamples | null,
  images: number,
): MetricEstimates {
  if (resampled === null || images === 0) return {};
  const sample = { largestSample: PIXEL_SAMPLE_PER_IMAGE * images, degrees: images - 1 };
  const estimates: Partial<Record<MetricName, Estimate>> = {};
  for (const metric of PIXEL_METRIC_NAMES) {
    const estimate = estimateOf(metrics[metric], resampled[metric], sample);
    if (estimate !== undefined) estimates[metric] = estimate;
  }
  return estimates;
}

function estimateOf(
  value: number | null,
  resampled: Float64Array,
  sample: Omit<EstimateOptions, 'variance'>,
): Estimate | undefined {
  const defined = resampled.filter((each) => !Number.isNaN(each));
  if (value === null || defined.length < 2) return undefined;
  const mean = defined.reduce((sum, each) => sum + each, 0) / defined.length;
  const squares = defined.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  return toEstimate(value, { ...sample, variance: squares / (defined.length - 1) });
}
