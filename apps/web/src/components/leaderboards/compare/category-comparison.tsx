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
import { Card } from '~/components/ui/card.tsx';
import { MetricValue } from '~/components/ui/metric-value.tsx';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';
import { ChoiceLinks } from '../board/choice-links.tsx';

interface CategoryComparisonProps {
  board: Leaderboard;
  metric: MetricName;
  /** The address of the page with another metric. */
  hrefOf: (metric: MetricName) => string;
}

export function CategoryComparison({ board, metric, hrefOf }: CategoryComparisonProps) {
  const { rows, categories } = board;
  return (
    <Card
      title="By category"
      description={`${METRICS[metric].long}, in percent. A category where it is undefined is left out of the mean.`}
    >
      <ChoiceLinks
        label="Metric of the categories"
        choices={metricsToShow(rows).map((one) => ({
          label: METRICS[one].short,
          href: hrefOf(one),
          chosen: one === metric,
        }))}
      />
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
            <ComparedRow
              key={`${row.model}-${row.modelVersion}`}
              board={board}
              row={row}
              metric={metric}
            />
          ))}
        </tbody>
      </TableBox>
    </Card>
  );
}

interface ComparedRowProps {
  board: Leaderboard;
  row: LeaderboardRow;
  metric: MetricName;
}

function ComparedRow({ board, row, metric }: ComparedRowProps) {
  const reasonIn = (category: string) =>
    board.undefinedReasons.find((one) => one.category === category && one.metrics.includes(metric))
      ?.reason ?? null;
  return (
    <tr>
      <Th scope="row">
        {row.model} v{row.modelVersion}
      </Th>
      <Td className={numeric}>
        <MetricValue metric={metric} value={row.mean[metric]} result={{ evaluation: row }} />
        <span className="block text-ink-soft text-xs">
          over {row.definedOver[metric] ?? 0} of {Object.keys(row.categories).length}
        </span>
      </Td>
      {board.categories.map((category) => (
        <Td key={category} className={numeric}>
          <CategoryCell row={row} category={category} reason={reasonIn(category)} metric={metric} />
        </Td>
      ))}
    </tr>
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
