/** @file The ranked table: sortable, with columns to choose. */
'use client';

import type { LeaderboardRow } from '@plumbline/contracts';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { PlainButton } from '~/components/ui/button.tsx';
import { numeric, TableBox, Th } from '~/components/ui/table.tsx';
import { ColumnChoice } from './column-choice.tsx';
import { isNumeric, parseColumns } from './leaderboard-columns.ts';
import { LeaderboardEntry } from './leaderboard-entry.tsx';
import {
  nextSort,
  parseSort,
  type Sort,
  type SortKey,
  sortedRows,
  sortText,
} from './leaderboard-sort.ts';

interface LeaderboardTableProps {
  rows: LeaderboardRow[];
  /** Of the board. */
  datasetVersion: string;
}

export function LeaderboardTable({ rows, datasetVersion }: LeaderboardTableProps) {
  const router = useRouter();
  const pathname = usePathname();
  const search = useSearchParams();
  const sort = parseSort(search.get('sort'));
  const columns = parseColumns(search.get('columns'));
  const change = (name: string, value: string | null) => {
    const next = new URLSearchParams(search);
    if (value === null) next.delete(name);
    else next.set(name, value);
    router.replace(`${pathname}?${next}`, { scroll: false });
  };
  const head = { sort, onSort: (key: SortKey) => change('sort', sortText(nextSort(sort, key))) };
  return (
    <div>
      <TableBox label="Leaderboard" stacked>
        <thead>
          <tr>
            <SortTh {...head} sortKey="rank" label="Rank" className={numeric} />
            <Th>Model version</Th>
            {columns.map((column) => {
              const className = isNumeric(column.key) ? numeric : undefined;
              return column.sort === null ? (
                <Th key={column.key} className={className} title={column.title}>
                  {column.label}
                </Th>
              ) : (
                <SortTh
                  key={column.key}
                  {...head}
                  sortKey={column.sort}
                  label={column.label}
                  title={column.title}
                  className={className}
                />
              );
            })}
          </tr>
        </thead>
        <tbody>
          {sortedRows(rows, sort).map((row) => (
            <LeaderboardEntry
              key={`${row.model}-${row.modelVersion}`}
              row={row}
              columns={columns}
              datasetVersion={datasetVersion}
              sharing={rows.filter((one) => one.rank === row.rank).length}
            />
          ))}
        </tbody>
      </TableBox>
      <ColumnChoice shown={columns} onChange={(value) => change('columns', value)} />
    </div>
  );
}

interface SortThProps {
  sortKey: SortKey;
  label: string;
  title?: string;
  className?: string | undefined;
  sort: Sort;
  onSort: (key: SortKey) => void;
}

function SortTh({ sortKey, label, title, className, sort, onSort }: SortThProps) {
  const current = sort.key === sortKey;
  const mark = current ? (sort.descending ? '↓' : '↑') : '';
  return (
    <Th
      className={className}
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
