/** @file One row of the leaderboard, and its categories when opened. */
'use client';

import { type LeaderboardRow, METRIC_NAMES } from '@plumbline/contracts';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { PlainButton } from '~/components/ui/button.tsx';
import { MetricValue } from '~/components/ui/metric-value.tsx';
import { Badge } from '~/components/ui/status-badge.tsx';
import { numeric, Td, Th } from '~/components/ui/table.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';
import { formatBytes, formatMilliseconds } from '~/format/format-number.ts';
import { formatDuration } from '~/format/format-time.ts';

export function LeaderboardEntry({ row }: { row: LeaderboardRow }) {
  const [open, setOpen] = useState(false);
  const Chevron = open ? ChevronDown : ChevronRight;
  const name = `${row.model} v${row.modelVersion}`;
  return (
    <>
      <tr>
        <Td className={numeric}>
          <PlainButton
            aria-expanded={open}
            aria-label={`Rank ${row.rank}: categories of ${name}`}
            onClick={() => setOpen(!open)}
            className="inline-flex items-center gap-1 rounded-sm font-semibold hover:text-accent"
          >
            <Chevron aria-hidden="true" className="size-4 text-ink-soft" />
            {row.rank}
          </PlainButton>
        </Td>
        <Th scope="row">
          <TextLink href={`/models/${row.model}?version=${row.modelVersion}`}>{name}</TextLink>
        </Th>
        <Td>
          {row.method}
          {row.external ? (
            <span className="ml-2">
              <Badge>external, evaluated here</Badge>
            </span>
          ) : null}
        </Td>
        <Td>{row.backbone}</Td>
        <Td>{row.preset}</Td>
        <Td className={numeric}>{row.seed}</Td>
        <MetricCells metrics={row.mean} />
        <Td className={numeric}>
          {row.trainSeconds === null ? '–' : formatDuration(row.trainSeconds)}
        </Td>
        <Td className={numeric}>{formatMilliseconds(row.latencyMs.p50)}</Td>
        <Td className={numeric}>{formatMilliseconds(row.latencyMs.p95)}</Td>
        <Td className={numeric}>{formatBytes(row.sizeBytes)}</Td>
      </tr>
      {open ? <CategoryRows row={row} /> : null}
    </>
  );
}

function CategoryRows({ row }: { row: LeaderboardRow }) {
  return Object.entries(row.categories)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([category, metrics]) => (
      <tr key={category} className="bg-sunken">
        <Td />
        <Th scope="row" colSpan={5} className="pl-8 font-normal">
          <span className="sr-only">
            {row.model} v{row.modelVersion},{' '}
          </span>
          {category}
        </Th>
        <MetricCells metrics={metrics} />
        <Td colSpan={4} />
      </tr>
    ));
}

function MetricCells({ metrics }: { metrics: LeaderboardRow['mean'] }) {
  return METRIC_NAMES.map((metric) => (
    <Td key={metric} className={numeric}>
      <MetricValue metric={metric} value={metrics[metric]} />
    </Td>
  ));
}
