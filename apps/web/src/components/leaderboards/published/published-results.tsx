/** @file Published results on one standard dataset: each marked as published, with its source, beside ours, never ranked. */
import {
  ALL_METRIC_NAMES,
  type LeaderboardRow,
  METRICS,
  type MetricName,
  type PublishedBoard,
  type PublishedRow,
} from '@plumbline/contracts';
import type { ReactNode } from 'react';
import { Card } from '~/components/ui/card.tsx';
import { Disclosure } from '~/components/ui/disclosure.tsx';
import { Badge } from '~/components/ui/status-badge.tsx';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';
import { formatMetric, formatPlural } from '~/format/format-number.ts';
import { PublishedCategories } from './published-categories.tsx';
import { PublishedSourceCard, sourceAnchor } from './published-source-card.tsx';

interface PublishedResultsProps {
  board: PublishedBoard;
  /** Rows on a dataset with exactly the standard's categories. */
  ours: readonly LeaderboardRow[];
}

export function PublishedResults({ board, ours }: PublishedResultsProps) {
  const { title, rows, sources, categories } = board;
  const metrics = ALL_METRIC_NAMES.filter((metric) =>
    rows.some((row) => row.mean[metric] !== undefined),
  );
  const titleOf = (id: string) => sources.find((source) => source.id === id)?.title ?? id;
  return (
    <div className="space-y-5">
      <Card
        title={`Published on ${title}`}
        description={`Means over ${formatPlural(categories.length, 'category', 'categories')}, in percent, as the sources give them. A dash: the source gives none. Before you compare a number with one of ours, see below what of its source is comparable.`}
      >
        <TableBox label={`Published results on ${title}`} stacked>
          <thead>
            <tr>
              <Th>Method</Th>
              <Th>As</Th>
              {metrics.map((metric) => (
                <Th key={metric} className={numeric} title={METRICS[metric].long}>
                  {METRICS[metric].short}
                </Th>
              ))}
              <Th>Source</Th>
            </tr>
          </thead>
          <tbody>
            {ours.map((row) => (
              <OwnLine key={`${row.model}-${row.modelVersion}`} row={row} metrics={metrics} />
            ))}
            {rows.map((row) => (
              <PublishedLine
                key={`${row.source} ${row.method} ${row.variant}`}
                row={row}
                metrics={metrics}
                source={
                  <TextLink href={`#${sourceAnchor(board, row.source)}`}>
                    {titleOf(row.source)}
                  </TextLink>
                }
              />
            ))}
          </tbody>
        </TableBox>
        <Disclosure summary="Image AUROC by category">
          <PublishedCategories board={board} ours={ours} />
        </Disclosure>
      </Card>
      {sources.map((source) => (
        <PublishedSourceCard key={source.id} board={board} source={source} />
      ))}
    </div>
  );
}

interface LineProps<Row> {
  row: Row;
  metrics: readonly MetricName[];
}

function OwnLine({ row, metrics }: LineProps<LeaderboardRow>) {
  return (
    <tr className="bg-accent-soft">
      <Th scope="row">
        <TextLink href={`/models/${row.model}?version=${row.modelVersion}`}>
          {row.model} v{row.modelVersion}
        </TextLink>
        <span className="block font-normal text-ink-soft text-xs">
          {row.method} {row.preset}
        </span>
      </Th>
      <Td>
        <Badge tone="accent">evaluated here</Badge>
      </Td>
      {metrics.map((metric) => (
        <Td key={metric} label={METRICS[metric].short} className={numeric}>
          {formatMetric(row.mean[metric])}
        </Td>
      ))}
      <Td>this platform</Td>
    </tr>
  );
}

function PublishedLine({ row, metrics, source }: LineProps<PublishedRow> & { source: ReactNode }) {
  return (
    <tr>
      <Th scope="row">
        {row.method}
        {row.variant === '' ? null : (
          <span className="block max-w-44 whitespace-normal font-normal text-ink-soft text-xs max-sm:max-w-none">
            {row.variant}
          </span>
        )}
      </Th>
      <Td>
        <Badge tone="warn">published</Badge>
      </Td>
      {metrics.map((metric) => (
        <Td key={metric} label={METRICS[metric].short} className={numeric}>
          {row.mean[metric] === undefined ? '–' : formatMetric(row.mean[metric])}
        </Td>
      ))}
      <Td className="min-w-40 whitespace-normal!">{source}</Td>
    </tr>
  );
}
