/** @file How far pixel metrics of categories too large to be ranked exactly can be off, in the words that every screen and document uses. */
import type { EvaluationReport } from './evaluation.ts';
import { type MetricName, type Metrics, PIXEL_METRIC_NAMES } from './metrics/metric-values.ts';
import { METRICS } from './metrics/metrics.ts';
import { lookUp } from './names.ts';

/**
 * Pixels of a category that are ranked exactly, 256 maps of 256 × 256: with maps, masks and sorting about 300 MB. All
 * categories of MVTec AD and VisA are below.
 */
export const EXACT_PIXEL_BUDGET = 2 ** 24;

/** A metric from a histogram that may be further off than this is undefined. */
export const LARGEST_PIXEL_ERROR = 1e-4;

interface Result {
  readonly categories: Readonly<Record<string, Metrics>>;
  readonly evaluation?: Pick<EvaluationReport, 'pixelMethod' | 'pixelErrorBounds'> | undefined;
}

/**
 * At most how far the mean of a metric is from that of exact ranking: the mean of its categories' bounds, where those ranked
 * exactly count as 0.
 *
 * @returns null where nothing is from a histogram, the mean is undefined, or no bound was stored
 */
export function meanPixelError(
  { categories, evaluation }: Result,
  metric: MetricName,
): number | null {
  const bounds = evaluation?.pixelErrorBounds;
  if (evaluation?.pixelMethod !== 'histogram' || bounds === undefined) return null;
  if (METRICS[metric].level !== 'pixel') return null;
  const defined = Object.entries(categories).filter(([, metrics]) => metrics[metric] !== null);
  if (defined.length === 0) return null;
  const sum = defined.reduce((total, [name]) => total + (lookUp(bounds, name)?.[metric] ?? 0), 0);
  return sum / defined.length;
}

/** `within 2.9e-7 of the exact value`. */
export function pixelErrorWords(bound: number): string {
  return `within ${shortBound(bound)} of the exact value`;
}

/** Sentences about what comes from histograms and how near it is, and about what is undefined for it; none with exact ranking. */
export function pixelErrorNotes(result: Result): string[] {
  const { evaluation, categories } = result;
  if (evaluation?.pixelMethod !== 'histogram') return [];
  const bounds = evaluation.pixelErrorBounds;
  if (bounds === undefined) {
    return [
      'Pixel metrics of large categories come from a histogram. This result does not say how near they are to the exact values, since versions of before did not compute it. How to fix it: evaluate it again by repeating the run or the import.',
    ];
  }
  const largest = PIXEL_METRIC_NAMES.map((metric) => meanPixelError(result, metric) ?? 0);
  const names = Object.keys(bounds).sort();
  const which =
    names.length <= 3
      ? names.join(', ')
      : `${names.length} of ${Object.keys(categories).length} categories`;
  return [
    `Pixel metrics of ${which} come from a histogram, since only up to ${EXACT_PIXEL_BUDGET.toLocaleString('en')} pixels of a category are ranked exactly. The means are ${pixelErrorWords(Math.max(...largest))}.`,
    ...names.flatMap((name) => tooCoarse(name, lookUp(categories, name), bounds[name] ?? {})),
  ];
}

function tooCoarse(
  category: string,
  metrics: Metrics | undefined,
  bounds: Partial<Record<MetricName, number | null>>,
): string[] {
  const lost = PIXEL_METRIC_NAMES.filter(
    (metric) => metrics?.[metric] === null && (bounds[metric] ?? 0) > LARGEST_PIXEL_ERROR,
  );
  if (lost.length === 0) return [];
  const known = lost.map(
    (metric) => `${METRICS[metric].short} (within ${shortBound(bounds[metric] ?? 0)})`,
  );
  return [
    `Undefined for ${category}, since its histogram is not near enough to the exact value (within ${LARGEST_PIXEL_ERROR}): ${known.join(', ')}. How to fix it: use a smaller image size, or fewer test images in this category, so that it has at most ${EXACT_PIXEL_BUDGET.toLocaleString('en')} pixels.`,
  ];
}

function shortBound(bound: number): string {
  return bound === 0 ? '0' : bound.toExponential(1);
}
