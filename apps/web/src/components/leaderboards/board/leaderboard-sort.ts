/** @file How a leaderboard is sorted, as it stands in the URL. */
import {
  ALL_METRIC_NAMES,
  isMetricName,
  type LeaderboardRow,
  type MetricName,
} from '@plumbline/contracts';

export type SortKey =
  | 'rank'
  | MetricName
  | 'trainSeconds'
  | 'latencyP50'
  | 'latencyP95'
  | 'parameters'
  | 'peakRssMb'
  | 'sizeBytes';

const SORT_KEYS: readonly SortKey[] = [
  'rank',
  ...ALL_METRIC_NAMES,
  'trainSeconds',
  'latencyP50',
  'latencyP95',
  'parameters',
  'peakRssMb',
  'sizeBytes',
];

export interface Sort {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** `imageAuroc`, or `-imageAuroc` for descending; by rank when absent or unknown. */
export function parseSort(text: string | null | undefined): Sort {
  const descending = text?.startsWith('-') ?? false;
  const key = SORT_KEYS.find((known) => known === text?.replace(/^-/, ''));
  return key === undefined ? { key: 'rank', descending: false } : { key, descending };
}

export function sortText(sort: Sort): string {
  return `${sort.descending ? '-' : ''}${sort.key}`;
}

/** A first click sorts with the best on top (metrics high, costs low), a second turns it around. */
export function nextSort(current: Sort, key: SortKey): Sort {
  if (current.key === key) return { key, descending: !current.descending };
  return { key, descending: isMetricName(key) };
}

export function sortedRows(rows: readonly LeaderboardRow[], sort: Sort): LeaderboardRow[] {
  const direction = sort.descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const left = sortValue(a, sort.key);
    const right = sortValue(b, sort.key);
    // Undefined is neither best nor worst: it stays below in both directions.
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return direction * (left - right) || (a.rank ?? Infinity) - (b.rank ?? Infinity);
  });
}

function sortValue(row: LeaderboardRow, key: SortKey): number | null {
  switch (key) {
    case 'rank':
    case 'trainSeconds':
    case 'parameters':
    case 'peakRssMb':
    case 'sizeBytes':
      return row[key];
    case 'latencyP50':
      return row.latencyMs.p50;
    case 'latencyP95':
      return row.latencyMs.p95;
    default:
      return row.mean[key];
  }
}
