/** @file The ranked table: sortable, each row opens to its categories. */
'use client';

import { type LeaderboardRow, METRIC_NAMES } from '@plumbline/contracts';
import { useRouter, useSearchParams } from 'next/navigation';
import { PlainButton } from '~/components/ui/button.tsx';
import { TableBox, Th } from '~/components/ui/table.tsx';
import { METRIC_LABELS } from '~/format/metric-labels.ts';
import { LeaderboardEntry } from './leaderboard-entry.tsx';
import {
  nextSort,
  parseSort,
  type Sort,
  type SortKey,
  sortedRows,
  sortText,
} from './leaderboard-sort.ts';

export function LeaderboardTable({ rows }: { rows: LeaderboardRow[] }) {
  const router = useRouter();
  const sort = parseSort(useSearchParams().get('sort'));
  const sortBy = (key: SortKey) =>
    router.replace(`?sort=${sortText(nextSort(sort, key))}`, { scroll: false });
  const head = { sort, onSort: sortBy };
  return (
    <TableBox label="Leaderboard">
      <thead>
        <tr>
          <SortTh {...head} sortKey="rank" label="Rank" />
          <Th>Model</Th>
          <Th>Method</Th>
          <Th>Backbone</Th>
          <Th>Preset</Th>
          <Th className="text-right">Seed</Th>
          {METRIC_NAMES.map((metric) => (
            <SortTh
              key={metric}
              {...head}
              sortKey={metric}
              label={METRIC_LABELS[metric].short}
              title={METRIC_LABELS[metric].long}
            />
          ))}
          <SortTh {...head} sortKey="trainSeconds" label="Train time" />
          <SortTh {...head} sortKey="latencyP50" label="Latency p50" />
          <SortTh {...head} sortKey="latencyP95" label="Latency p95" />
          <SortTh {...head} sortKey="sizeBytes" label="Size" />
        </tr>
      </thead>
      <tbody>
        {sortedRows(rows, sort).map((row) => (
          <LeaderboardEntry key={`${row.model}-${row.modelVersion}`} row={row} />
        ))}
      </tbody>
    </TableBox>
  );
}

interface SortThProps {
  sortKey: SortKey;
  label: string;
  title?: string;
  sort: Sort;
  onSort: (key: SortKey) => void;
}

function SortTh({ sortKey, label, title, sort, onSort }: SortThProps) {
  const current = sort.key === sortKey;
  const mark = current ? (sort.descending ? '↓' : '↑') : '';
  return (
    <Th
      className="text-right"
      aria-sort={current ? (sort.descending ? 'descending' : 'ascending') : undefined}
    >
      <PlainButton
        title={title}
        onClick={() => onSort(sortKey)}
        className={`rounded-sm underline-offset-4 hover:text-ink hover:underline ${current ? 'font-semibold text-ink' : ''}`}
      >
        {label}
        <span aria-hidden="true" className="inline-block w-3">
          {mark}
        </span>
      </PlainButton>
    </Th>
  );
}
