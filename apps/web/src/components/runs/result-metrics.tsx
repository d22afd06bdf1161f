/** @file The means of a version, and how far they are from the best other version of its board. */

import type { RunResult } from '@plumbline/contracts';
import { MetricDifference } from '~/components/models/metric-difference.tsx';
import { MetricCells, MetricHeads } from '~/components/ui/metric-cells.tsx';
import { MetricValue } from '~/components/ui/metric-value.tsx';
import { TableBox, Th } from '~/components/ui/table.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';

export function ResultMetrics({ result }: { result: RunResult }) {
  const { model, modelVersion, mean, best, place } = result;
  const leads = place === 1;
  return (
    <TableBox label="Metrics of this version and of the best on its leaderboard" stacked>
      <thead>
        <tr>
          <Th>In percent</Th>
          <MetricHeads />
        </tr>
      </thead>
      <tbody>
        <tr>
          <Th scope="row">
            {model} v{modelVersion}
            <span className="block font-normal text-ink-soft text-xs">this run</span>
          </Th>
          <MetricCells of={(metric) => <MetricValue metric={metric} value={mean[metric]} />} />
        </tr>
        {best === null ? null : (
          <>
            <tr>
              <Th scope="row">
                <TextLink href={`/models/${best.model}?version=${best.modelVersion}`}>
                  {best.model} v{best.modelVersion}
                </TextLink>
                <span className="block font-normal text-ink-soft text-xs">
                  {leads ? 'best of the others on this leaderboard' : 'best on this leaderboard'}
                </span>
              </Th>
              <MetricCells
                of={(metric) => <MetricValue metric={metric} value={best.mean[metric]} />}
              />
            </tr>
            <tr>
              <Th scope="row">Difference</Th>
              <MetricCells
                of={(metric) => (
                  <MetricDifference value={mean[metric]} against={best.mean[metric]} />
                )}
              />
            </tr>
          </>
        )}
      </tbody>
    </TableBox>
  );
}
