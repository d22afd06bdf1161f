/** @file One cell of a leaderboard row. */
import {
  intervalNote,
  isMetricName,
  type LeaderboardRow,
  type MetricName,
} from '@plumbline/contracts';
import { MetricValue } from '~/components/ui/metric-value.tsx';
import { Badge } from '~/components/ui/status-badge.tsx';
import {
  formatBytes,
  formatCount,
  formatMetric,
  formatMilliseconds,
} from '~/format/format-number.ts';
import { formatDuration } from '~/format/format-time.ts';
import type { ColumnKey } from './leaderboard-columns.ts';

export function LeaderboardCell({ row, column }: { row: LeaderboardRow; column: ColumnKey }) {
  if (isMetricName(column)) return <MeanCell row={row} metric={column} />;
  switch (column) {
    case 'method':
      return row.external ? (
        <>
          {row.method} <Badge>external, evaluated here</Badge>
        </>
      ) : (
        row.method
      );
    case 'backbone':
      return row.backbone ?? '–';
    case 'preset':
    case 'seed':
      return row[column];
    case 'hardware':
      return row.latencyMs.hardware ?? 'not measured';
    case 'latencyP50':
    case 'latencyP95': {
      const value = row.latencyMs[column === 'latencyP50' ? 'p50' : 'p95'];
      return value === null ? '–' : formatMilliseconds(value);
    }
    case 'parameters':
      return row.parameters === null ? '–' : formatCount(row.parameters);
    case 'peakRssMb':
      return row.peakRssMb === null ? '–' : formatBytes(row.peakRssMb * 1e6);
    case 'sizeBytes':
      return formatBytes(row.sizeBytes);
    case 'trainSeconds':
      return trainingText(row);
  }
}

function trainingText({ trainSeconds, steps }: LeaderboardRow): string {
  if (trainSeconds === null) return '–';
  const time = formatDuration(trainSeconds);
  return steps === null ? time : `${time}, ${formatCount(steps)} steps`;
}

function MeanCell({ row, metric }: { row: LeaderboardRow; metric: MetricName }) {
  const interval = row.intervals?.mean[metric];
  const total = Object.keys(row.categories).length;
  const defined = row.definedOver[metric] ?? 0;
  return (
    <>
      <MetricValue metric={metric} value={row.mean[metric]} result={{ evaluation: row }} />
      {interval ? (
        <span className="block text-ink-soft text-xs" title={intervalNote(metric) ?? undefined}>
          {formatMetric(interval.low)}–{formatMetric(interval.high)}
        </span>
      ) : null}
      {defined > 0 && defined < total ? (
        <span className="block text-ink-soft text-xs">
          over {defined} of {total}
        </span>
      ) : null}
    </>
  );
}
