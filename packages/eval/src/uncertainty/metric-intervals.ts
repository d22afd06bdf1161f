/** @file Intervals of every metric, per category and of the mean over categories. */
import {
  ALL_METRIC_NAMES,
  byMetric,
  type Interval,
  type Intervals,
  type MetricName,
} from '@plumbline/contracts';
import type { ResampleOptions } from './image-resamples.ts';
import { type Estimate, meanEstimate, scoreInterval } from './score-interval.ts';
import { DEFAULT_CONFIDENCE } from './summarize.ts';

/** What is known of a category's metrics; those that are defined there. */
export type MetricEstimates = Partial<Readonly<Record<MetricName, Estimate>>>;

/** The mean is over the categories where the metric is defined, as the reported one is. */
export function meanIntervals(
  categories: ReadonlyMap<string, MetricEstimates>,
  options: ResampleOptions,
): Intervals {
  const all = [...categories.values()];
  const { resamples, seed } = options;
  return {
    method: 'score',
    pixelVariance: 'jackknife',
    confidence: DEFAULT_CONFIDENCE,
    resamples,
    seed,
    mean: intervalsOf((metric) =>
      meanEstimate(all.map((each) => each[metric]).filter((estimate) => estimate !== undefined)),
    ),
    categories: Object.fromEntries(
      [...categories].map(([name, estimates]) => [
        name,
        intervalsOf((metric) => estimates[metric]),
      ]),
    ),
  };
}

function intervalsOf(
  estimateOf: (metric: MetricName) => Estimate | undefined,
): Record<MetricName, Interval> {
  return byMetric(ALL_METRIC_NAMES, (metric) => {
    const estimate = estimateOf(metric);
    return estimate === undefined ? null : scoreInterval(estimate, DEFAULT_CONFIDENCE);
  });
}
