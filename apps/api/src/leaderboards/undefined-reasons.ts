/** @file Why metrics of a category are undefined, from the test images that were scored. */
import {
  ALL_METRIC_NAMES,
  EXTRA_METRIC_NAMES,
  type ImageResult,
  type LeaderboardRow,
  lookUp,
  type Metrics,
  type UndefinedReason,
  undefinedReason,
} from '@plumbline/contracts';

type MetricName = keyof Metrics;

/**
 * One entry for each category and reason, with the metrics that no row defines there.
 * @param images those of any row: all rows scored the same ones
 */
export function undefinedReasons(
  rows: readonly Pick<LeaderboardRow, 'categories'>[],
  images: readonly ImageResult[],
): UndefinedReason[] {
  const computed = computedMetrics(rows);
  const categories = [...new Set(rows.flatMap((row) => Object.keys(row.categories)))].sort();
  return categories.flatMap((category) => {
    const missing = computed.filter((metric) =>
      rows.every((row) => (lookUp(row.categories, category)?.[metric] ?? null) === null),
    );
    const own = images.filter((image) => image.category === category);
    return groupByReason(missing, own).map((entry) => ({ category, ...entry }));
  });
}

/** Bundles of 0.1 lack the extra metrics everywhere: they were not computed, which is not "undefined". */
function computedMetrics(rows: readonly Pick<LeaderboardRow, 'categories'>[]): MetricName[] {
  const all = rows.flatMap((row) => Object.values(row.categories));
  return ALL_METRIC_NAMES.filter(
    (metric) =>
      !EXTRA_METRIC_NAMES.some((extra) => extra === metric) ||
      all.some((metrics) => metrics[metric] !== null),
  );
}

function groupByReason(
  metrics: readonly MetricName[],
  images: readonly ImageResult[],
): { metrics: MetricName[]; reason: string }[] {
  const groups = new Map<string, MetricName[]>();
  for (const metric of metrics) {
    const reason = reasonOf(metric, images);
    groups.set(reason, [...(groups.get(reason) ?? []), metric]);
  }
  return [...groups].map(([reason, grouped]) => ({ metrics: grouped, reason }));
}

function reasonOf(metric: MetricName, images: readonly ImageResult[]): string {
  const anomalous = images.filter((image) => image.label === 'anomalous').length;
  return undefinedReason(metric, { normal: images.length - anomalous, anomalous });
}
