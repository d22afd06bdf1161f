/** @file Intervals of every metric, per category and of the mean over categories, from resampled values. */
import {
  ALL_METRIC_NAMES,
  byMetric,
  type Interval,
  type Intervals,
  type MetricName,
} from '@plumbline/contracts';
import type { ResampleOptions } from './image-resamples.ts';
import { DEFAULT_CONFIDENCE, percentileInterval } from './summarize.ts';

/** Resampled values of a category, f64 `[B]` for each metric that is defined there. */
export type MetricResamples = Partial<Readonly<Record<MetricName, Float64Array>>>;

/** The mean of a resample is over the categories where the metric is defined, as the reported mean is. */
export function meanIntervals(
  categories: ReadonlyMap<string, MetricResamples>,
  options: ResampleOptions,
): Intervals {
  const all = [...categories.values()];
  const { resamples, seed } = options;
  return {
    confidence: DEFAULT_CONFIDENCE,
    resamples,
    seed,
    mean: intervalsOf((metric) =>
      meanOfDefined(all.map((each) => each[metric]).filter((values) => values !== undefined)),
    ),
    categories: Object.fromEntries(
      [...categories].map(([name, values]) => [name, intervalsOf((metric) => values[metric])]),
    ),
  };
}

function intervalsOf(
  valuesOf: (metric: MetricName) => Float64Array | undefined,
): Record<MetricName, Interval> {
  return byMetric(ALL_METRIC_NAMES, (metric) => {
    const values = valuesOf(metric);
    return values === undefined ? null : percentileInterval(values);
  });
}

/** Mean of each resample over the categories that define it there; undefined without a category. */
function meanOfDefined(all: readonly Float64Array[]): Float64Array | undefined {
  const [first] = all;
  if (first === undefined) return undefined;
  return first.map((_, b) => {
    const values = all.map((each) => each[b] ?? Number.NaN).filter((value) => !Number.isNaN(value));
    return values.reduce((sum, value) => sum + value, 0) / values.length; // NaN of none
  });
}
