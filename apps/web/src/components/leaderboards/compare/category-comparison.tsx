/** @file One metric of every row in every category. */
import {
  ALL_METRIC_NAMES,
  type Leaderboard,
  lookUp,
  METRIC_NAMES,
  type Metrics,
} from '@plumbline/contracts';
import Link from 'next/link';
import { Card } from '~/components/ui/card.tsx';
import { classNames } from '~/components/ui/class-names.ts';
import { MetricValue } from '~/components/ui/metric-value.tsx';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';
import { formatMetric } from '~/format/format-number.ts';
import { METRIC_LABELS } from '~/format/metric-labels.ts';

interface CategoryComparisonProps {
  board: Leaderboard;
  metric: keyof Metrics;
  /** The address of the page with another metric. */
  hrefOf: (metric: keyof Metrics) => string;
}

export function CategoryComparison({ board, metric, hrefOf }: CategoryComparisonProps) {
  const { rows, categories, undefinedReasons } = board;
  const shown = ALL_METRIC_NAMES.filter(
    (one) =>
      METRIC_NAMES.some((name) => name === one) || rows.some((row) => row.mean[one] !== null),
  );
  const reasonIn = (category: string) =>
    undefinedReasons.find((one) => one.category === category && one.metrics.includes(metric))
      ?.reason ?? null;
  return (
    <Card
      title="By category"
      description={`${METRIC_LABELS[metric].long}, in percent. A category where it is undefined is left out of the mean.`}
    >
      <nav aria-label="Metric of the categories" className="mb-3 flex flex-wrap gap-2 text-sm">
        {shown.map((one) => (
          <Link
            key={one}
            href={hrefOf(one)}
            scroll={false}
            aria-current={one === metric ? 'true' : undefined}
            className={classNames(
              'rounded-full border px-3 py-1',
              one === metric
                ? 'border-accent bg-accent-soft font-medium'
                : 'border-line-strong hover:bg-sunken',
            )}
          >
            {METRIC_LABELS[one].short}
          </Link>
        ))}
      </nav>
      <TableBox label={`${METRIC_LABELS[metric].long} by category`}>
        <thead>
          <tr>
            <Th>Model version</Th>
            <Th className={numeric}>Mean</Th>
            {categories.map((category) => (
              <Th key={category} className={numeric}>
                {category}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.model}-${row.modelVersion}`}>
              <Th scope="row">
                {row.model} v{row.modelVersion}
              </Th>
              <Td className={numeric}>
                <MetricValue metric={metric} value={row.mean[metric]} />
                <span className="block text-ink-soft text-xs">
                  over {row.definedOver[metric] ?? 0} of {Object.keys(row.categories).length}
                </span>
              </Td>
              {categories.map((category) => (
                <Td key={category} className={numeric}>
                  <CategoryCell
                    value={lookUp(row.categories, category)?.[metric] ?? null}
                    reason={reasonIn(category)}
                    metric={metric}
                  />
                </Td>
              ))}
            </tr>
          ))}
        </tbody>
      </TableBox>
    </Card>
  );
}

interface CategoryCellProps {
  value: number | null;
  reason: string | null;
  metric: keyof Metrics;
}

function CategoryCell({ value, reason, metric }: CategoryCellProps) {
  if (value !== null) return formatMetric(value);
  if (reason === null) return <MetricValue metric={metric} value={null} />;
  return (
    <span className="inline-block max-w-40 whitespace-normal text-ink-soft text-xs italic">
      undefined: {reason}
    </span>
  );
}
