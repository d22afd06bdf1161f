/** @file Names and values of the metrics, a contract since 0.1.0. `null` means undefined, never zero. */
import { z } from 'zod';
import { METRICS } from './metrics.ts';

export type MetricName = keyof typeof METRICS;

type NamesWhere<Wanted> = {
  [Name in MetricName]: (typeof METRICS)[Name] extends Wanted ? Name : never;
}[MetricName];
export type CoreMetricName = NamesWhere<{ core: true }>;
export type ImageMetricName = NamesWhere<{ level: 'image' }>;
export type PixelMetricName = NamesWhere<{ level: 'pixel' }>;

/** The seven, then the others. */
export const ALL_METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[]; // keys of a literal

export const CORE_METRIC_NAMES = ALL_METRIC_NAMES.filter(isCoreMetric);
export const IMAGE_METRIC_NAMES = ALL_METRIC_NAMES.filter(isImageMetric);
export const PIXEL_METRIC_NAMES = ALL_METRIC_NAMES.filter(isPixelMetric);

export function isMetricName(text: unknown): text is MetricName {
  return ALL_METRIC_NAMES.some((name) => name === text);
}

export function isCoreMetric(name: MetricName): name is CoreMetricName {
  return METRICS[name].core;
}

function isImageMetric(name: MetricName): name is ImageMetricName {
  return METRICS[name].level === 'image';
}

function isPixelMetric(name: MetricName): name is PixelMetricName {
  return METRICS[name].level === 'pixel';
}

export const metricNameSchema = z.enum(ALL_METRIC_NAMES);

/** An entry for each metric, the way `of` makes it. */
export function byMetric<Name extends MetricName, T>(
  names: readonly Name[],
  of: (name: Name) => T,
): Record<Name, T> {
  // The entries are those of `names`, which `fromEntries` can't say.
  return Object.fromEntries(names.map((name) => [name, of(name)])) as Record<Name, T>;
}

const value = z.number().min(0).max(1).nullable();

/** Each in [0, 1] or undefined. What a result of an older version lacks is undefined. */
export const metricsSchema = z.object({
  ...byMetric(CORE_METRIC_NAMES, () => value),
  ...byMetric(
    ALL_METRIC_NAMES.filter((name) => !isCoreMetric(name)) as Exclude<MetricName, CoreMetricName>[], // what the filter leaves
    () => value.default(null),
  ),
});
export type Metrics = z.infer<typeof metricsSchema>;

/** The core ones, and of the others those that some row defines. */
export function metricsToShow(rows: readonly { readonly mean: Metrics }[]): MetricName[] {
  return ALL_METRIC_NAMES.filter(
    (name) => isCoreMetric(name) || rows.some((row) => row.mean[name] !== null),
  );
}

export const UNDEFINED_METRICS: Metrics = byMetric(ALL_METRIC_NAMES, () => null);
