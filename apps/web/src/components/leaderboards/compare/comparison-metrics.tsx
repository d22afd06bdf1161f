/** @file The metrics of two rows: their means, and one metric in every category. */
import {
  ALL_METRIC_NAMES,
  type Comparison,
  type LeaderboardRow,
  lookUp,
  METRICS,
  type MetricName,
} from '@plumbline/contracts';
import { Card } from '~/components/ui/card.tsx';
import { MetricValue } from '~/components/ui/metric-value.tsx';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';
import { ChoiceLinks } from '../board/choice-links.tsx';
import { type ComparisonAddress, comparisonPath } from './comparison-address.ts';

interface ComparisonMetricsProps {
  comparison: Comparison;
  address: ComparisonAddress;
}

export function ComparisonMetrics({ comparison, address }: ComparisonMetricsProps) {
  const { a, b } = comparison;
  const { metric } = address;
  const shown = ALL_METRIC_NAMES.filter(
    (one) => one === metric || a.mean[one] !== null || b.mean[one] !== null,
  );
  const categories = [
    ...new Set([...Object.keys(a.categories), ...Object.keys(b.categories)]),
  ].sort();
  return (
    <div className="grid gap-5 lg:grid-cols-2">
      <Means {...{ a, b, shown }} />
      <Card
        title="By category"
        description={`${METRICS[metric].long}, in percent. A category where it is undefined is left out of the mean.`}
      >
        <ChoiceLinks
          label="Metric of the categories"
          choices={shown.map((one) => ({
            label: METRICS[one].short,
            href: comparisonPath({ ...address, metric: one }),
            chosen: one === metric,
          }))}
        />
        <TableBox label={`${METRICS[metric].long} by category, A and B`}>
          <Head first="Category" />
          <tbody>
            {categories.map((category) => (
              <PairRow
                key={category}
                name={category}
                metric={metric}
                a={{ row: a, value: lookUp(a.categories, category)?.[metric] ?? null }}
                b={{ row: b, value: lookUp(b.categories, category)?.[metric] ?? null }}
              />
            ))}
          </tbody>
        </TableBox>
      </Card>
    </div>
  );
}

interface MeansProps extends Pick<Comparison, 'a' | 'b'> {
  shown: readonly MetricName[];
}

function Means({ a, b, shown }: MeansProps) {
  return (
    <Card
      title="Means over the categories"
      description="In percent. The difference is A minus B, in points."
    >
      <TableBox label="Means over the categories, A and B">
        <Head first="Metric" />
        <tbody>
          {shown.map((one) => (
            <PairRow
              key={one}
              name={METRICS[one].short}
              title={METRICS[one].long}
              metric={one}
              a={{ row: a, value: a.mean[one] }}
              b={{ row: b, value: b.mean[one] }}
            />
          ))}
        </tbody>
      </TableBox>
    </Card>
  );
}

function Head({ first }: { first: string }) {
  return (
    <thead>
      <tr>
        <Th>{first}</Th>
        <Th className={numeric}>A</Th>
        <Th className={numeric}>B</Th>
        <Th className={numeric}>A − B</Th>
      </tr>
    </thead>
  );
}

interface PairRowProps {
  name: string;
  title?: string;
  metric: MetricName;
  a: RowValue;
  b: RowValue;
}

interface RowValue {
  row: LeaderboardRow;
  value: number | null;
}

function PairRow({ name, title, metric, a, b }: PairRowProps) {
  return (
    <tr>
      <Th scope="row" title={title}>
        {name}
      </Th>
      <Td className={numeric}>
        <MetricValue metric={metric} value={a.value} result={{ evaluation: a.row }} />
      </Td>
      <Td className={numeric}>
        <MetricValue metric={metric} value={b.value} result={{ evaluation: b.row }} />
      </Td>
      <Td className={numeric}>
        {a.value === null || b.value === null ? '–' : formatPoints(a.value - b.value)}
      </Td>
    </tr>
  );
}

/** A difference of metrics in points: `+1.3`, `−0.4`, `0.0`. */
export function formatPoints(difference: number, digits = 1): string {
  const points = (Math.abs(difference) * 100).toFixed(digits);
  if (Number(points) === 0) return points;
  return `${difference > 0 ? '+' : '−'}${points}`;
}
