/** @file Over how many categories the means of a board are, where not over all: in general, and for rows that have fewer. */
import type { Leaderboard } from './leaderboard.ts';
import type { MetricName } from './metrics/metric-values.ts';
import { METRICS } from './metrics/metrics.ts';

/** One sentence for each metric whose means are not over all categories, and one for each row over fewer than its neighbors. */
export function meanNotes(
  { categories, rows }: Pick<Leaderboard, 'categories' | 'rows'>,
  metrics: readonly MetricName[],
): string[] {
  const all = categories.length;
  return metrics.flatMap((metric) => {
    const { short } = METRICS[metric];
    // A metric that a row did not compute has no mean there.
    const counted = rows.flatMap((row) => {
      const defined = row.definedOver[metric];
      return defined === undefined ? [] : [{ row, defined }];
    });
    const most = Math.max(0, ...counted.map(({ defined }) => defined));
    if (counted.length === 0) return [];
    return [
      ...(most < all ? [`The means of ${short} are over ${most} of ${all} categories.`] : []),
      ...counted
        .filter(({ defined }) => defined < most)
        .map(
          ({ row, defined }) =>
            `${row.model} v${row.modelVersion}: its mean of ${short} is over ${defined} of ${all} categories, so it can't be compared with the others.`,
        ),
    ];
  });
}
