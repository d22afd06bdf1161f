/** @file The version that serves beside the one that would: where they come from, and their metrics. */
import {
  CORE_METRIC_NAMES,
  METRICS,
  type PromotionCandidate,
  type PromotionPreview,
} from '@plumbline/contracts';
import type { ReactNode } from 'react';
import { MetricValue } from '~/components/ui/metric-value.tsx';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';
import { formatMoment } from '~/format/format-time.ts';
import { MetricDifference } from './metric-difference.tsx';

const FACTS: { term: string; of: (candidate: PromotionCandidate) => ReactNode }[] = [
  { term: 'Published', of: ({ createdAt }) => formatMoment(createdAt) },
  {
    term: 'Method',
    of: ({ method, preset, backbone }) => `${method}, ${preset}, ${backbone}`,
  },
  { term: 'Dataset version', of: ({ datasetVersion }) => datasetVersion },
  { term: 'Protocol', of: ({ protocol }) => protocol },
];

export function PromotionTable({ preview }: { preview: PromotionPreview }) {
  const { from, to, comparable } = preview;
  const columns = [
    ...(from === null
      ? []
      : [
          { head: `Serves now: v${from.version}`, label: `v${from.version}, now`, candidate: from },
        ]),
    { head: `Would serve: v${to.version}`, label: `v${to.version}, new`, candidate: to },
  ];
  const differs = from !== null && comparable;
  return (
    <TableBox label="Current and new version" stacked>
      <thead>
        <tr>
          <Th>
            <span className="sr-only">Fact</span>
          </Th>
          {columns.map(({ head }) => (
            <Th key={head}>{head}</Th>
          ))}
          {differs ? <Th className={numeric}>Difference</Th> : null}
        </tr>
      </thead>
      <tbody>
        {FACTS.map(({ term, of }) => (
          <tr key={term}>
            <Th scope="row">{term}</Th>
            {columns.map(({ head, label, candidate }) => (
              <Td key={head} label={label} className="wrap-anywhere whitespace-normal!">
                {of(candidate)}
              </Td>
            ))}
            {differs ? <Td /> : null}
          </tr>
        ))}
        {CORE_METRIC_NAMES.map((metric) => (
          <tr key={metric}>
            <Th scope="row" title={METRICS[metric].long}>
              {METRICS[metric].short}, %
            </Th>
            {columns.map(({ head, label, candidate }) => (
              <Td key={head} label={label}>
                <MetricValue metric={metric} value={candidate.mean[metric]} />
              </Td>
            ))}
            {differs ? (
              <Td label="Difference" className={numeric}>
                <MetricDifference value={to.mean[metric]} against={from.mean[metric]} />
              </Td>
            ) : null}
          </tr>
        ))}
      </tbody>
    </TableBox>
  );
}
