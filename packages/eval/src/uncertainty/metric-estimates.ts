/**
 * @file How uncertain a category's metrics are: of the image AUROC by placements, of the other image metrics by
 * resampling images, of pixel metrics by leaving images out.
 */
import {
  IMAGE_METRIC_NAMES,
  type MetricName,
  type Metrics,
  PIXEL_METRIC_NAMES,
} from '@plumbline/contracts';
import { resolvesPimo } from '../metrics/aupimo.ts';
import { f1MaxBias, type ResampleOptions, resampleImageMetrics } from './image-resamples.ts';
import type { ImageStrata } from './image-strata.ts';
import type { MetricEstimates } from './metric-intervals.ts';
import type { Jackknife, PixelJackknife } from './pixel-jackknife.ts';
import { aurocEstimate, placementsOf } from './placements.ts';
import {
  type Estimate,
  type EstimateOptions,
  largestSampleOf,
  toEstimate,
} from './score-interval.ts';

/** What the jackknife of few images does not show of a pixel metric, so that intervals hold (`bench -- statistics --only pixel-coverage`). */
interface PixelLimits {
  /** Images of which a proportion close to 1 is as uncertain, at most, as the metric of one anomalous image: pixels are not right or wrong together. */
  readonly samplePerImage: number;
  readonly mostDegrees: number;
  readonly timesBias: number;
}

/** Most of the normal pixels have a part in pixel AUROC; AUPIMO hangs on the few normal images that score highest. */
const PIXEL_LIMITS: Readonly<Record<'pixelAuroc' | 'aupimo' | 'others', PixelLimits>> = {
  pixelAuroc: { samplePerImage: 10, mostDegrees: Number.POSITIVE_INFINITY, timesBias: 1 },
  aupimo: { samplePerImage: 6, mostDegrees: 5, timesBias: 2 },
  others: { samplePerImage: 6, mostDegrees: Number.POSITIVE_INFINITY, timesBias: 1 },
};

/** Of n images, a pixel metric counts as too high by at least this share of its standard deviation over √n. */
const LEAST_PIXEL_BIAS = 1.4;

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

export interface PixelCounts {
  /** Anomalous images with a mask. */
  readonly masks: number;
  /** Pixels of normal images. */
  readonly pixelsOfNormal: number;
}

export function pixelEstimates(
  metrics: Metrics,
  jackknife: PixelJackknife | null,
  { masks, pixelsOfNormal }: PixelCounts,
): MetricEstimates {
  if (jackknife === null || masks === 0) return {};
  const estimates: Partial<Record<MetricName, Estimate>> = {};
  for (const metric of PIXEL_METRIC_NAMES) {
    const [value, found] = [metrics[metric], jackknife[metric]];
    if (value === null) continue;
    // It hangs on one or two pixels there, which say nothing about how it would vary.
    if (metric === 'aupimo' && !resolvesPimo(pixelsOfNormal)) continue;
    estimates[metric] = withLimits(value, found, {
      ...PIXEL_LIMITS[metric === 'pixelAuroc' || metric === 'aupimo' ? metric : 'others'],
      masks,
    });
  }
  return estimates;
}

function withLimits(
  value: number,
  { variance, degrees, bias }: Jackknife,
  { masks, samplePerImage, mostDegrees, timesBias }: PixelLimits & { readonly masks: number },
): Estimate {
  return toEstimate(value, {
    variance,
    largestSample: samplePerImage * masks,
    degrees: Math.min(degrees, mostDegrees),
    bias: Math.max(timesBias * bias, LEAST_PIXEL_BIAS * Math.sqrt(variance / masks)),
  });
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
