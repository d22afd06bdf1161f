/** @file One metric of every row in every category. */
import {
  isComputed,
  type Leaderboard,
  type LeaderboardRow,
  lookUp,
  METRICS,
  type MetricName,
  metricsToShow,
} from '@plumbline/contracts';
import Link from 'next/link';
import { Card } from '~/components/ui/card.tsx';
import { classNames } from '~/components/ui/class-names.ts';
import { MetricValue } from '~/components/ui/metric-value.tsx';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';

interface CategoryComparisonProps {
  board: Leaderboard;
  metric: MetricName;
  /** The address of the page with another metric. */
  hrefOf: (metric: MetricName) => string;
}

export function CategoryComparison({ board, metric, hrefOf }: CategoryComparisonProps) {
  const { rows, categories, undefinedReasons } = board;
  const reasonIn = (category: string) =>
    undefinedReasons.find((one) => one.category === category && one.metrics.includes(metric))
      ?.reason ?? null;
  return (
    <Card
      title="By category"
      description={`${METRICS[metric].long}, in percent. A category where it is undefined is left out of the mean.`}
    >
      <MetricLinks shown={metricsToShow(rows)} metric={metric} hrefOf={hrefOf} />
      <TableBox label={`${METRICS[metric].long} by category`}>
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
                <MetricValue
                  metric={metric}
                  value={row.mean[metric]}
                  result={{ evaluation: row }}
                />
                <span className="block text-ink-soft text-xs">
                  over {row.definedOver[metric] ?? 0} of {Object.keys(row.categories).length}
                </span>
              </Td>
              {categories.map((category) => (
                <Td key={category} className={numeric}>
                  <CategoryCell
                    row={row}
                    category={category}
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

interface MetricLinksProps {
  shown: readonly MetricName[];
  metric: MetricName;
  hrefOf: (metric: MetricName) => string;
}

function MetricLinks({ shown, metric, hrefOf }: MetricLinksProps) {
  return (
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
          {METRICS[one].short}
        </Link>
      ))}
    </nav>
  );
}

interface CategoryCellProps {
  row: LeaderboardRow;
  category: string;
  metric: MetricName;
  /** Why no row defines the metric in the category. */
  reason: string | null;
}

function CategoryCell({ row, category, metric, reason }: CategoryCellProps) {
  const value = lookUp(row.categories, category)?.[metric] ?? null;
  const result = { evaluation: row };
  if (value !== null || reason === null || !isComputed(result, metric))
    return <MetricValue metric={metric} value={value} result={result} />;
  return (
    <span className="inline-block max-w-40 whitespace-normal text-ink-soft text-xs italic">
      undefined: {reason}
    </span>
  );
}
