/** @file Seeds of one configuration together: mean and spread of every metric. */

import type { Configuration, MetricName, SeedSpread } from '@plumbline/contracts';
import { Card } from '~/components/ui/card.tsx';
import { MetricCells, MetricHeads } from '~/components/ui/metric-cells.tsx';
import { MetricValue } from '~/components/ui/metric-value.tsx';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';
import { formatMetric } from '~/format/format-number.ts';

export function SeedGroups({ configurations }: { configurations: Configuration[] }) {
  if (configurations.length === 0) return null;
  return (
    <Card
      title="Configurations, over seeds"
      description="Each line combines the rows that differ only in their seeds: mean ± sample standard deviation over the seeds, in percent. Ranks are over test images and seeds; configurations that can't be told apart share one."
    >
      <TableBox label="Configurations over seeds" stacked>
        <thead>
          <tr>
            <Th className={numeric}>Rank</Th>
            <Th>Method</Th>
            <Th>Preset</Th>
            <Th>Backbone</Th>
            <Th>Seeds</Th>
            <MetricHeads />
          </tr>
        </thead>
        <tbody>
          {configurations.map((one) => (
            <tr key={one.configuration}>
              <Td label="Rank" className={numeric}>
                {one.rank ?? '–'}
              </Td>
              <Th scope="row">
                {one.method}
                {one.overrides === null ? null : (
                  <span className="block min-w-32 max-w-64 whitespace-normal font-normal text-ink-soft text-xs">
                    {one.overrides}
                  </span>
                )}
              </Th>
              <Td label="Preset">{one.preset}</Td>
              <Td label="Backbone">{one.backbone ?? '–'}</Td>
              <Td label="Seeds">{one.seeds.join(', ')}</Td>
              <MetricCells
                of={(metric) => <Spread metric={metric} spread={one.metrics[metric]} />}
              />
            </tr>
          ))}
        </tbody>
      </TableBox>
    </Card>
  );
}

interface SpreadProps {
  metric: MetricName;
  spread: SeedSpread | undefined;
}

function Spread({ metric, spread }: SpreadProps) {
  return (
    <>
      <MetricValue metric={metric} value={spread?.mean ?? null} />
      {spread?.spread == null ? null : (
        <span className="text-ink-soft"> ± {formatMetric(spread.spread)}</span>
      )}
    </>
  );
}
