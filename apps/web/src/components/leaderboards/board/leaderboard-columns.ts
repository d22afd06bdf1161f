/** @file The columns of the leaderboard, and which of them the address asks for. */
import {
  ALL_METRIC_NAMES,
  CORE_METRIC_NAMES,
  isMetricName,
  METRICS,
  type MetricName,
} from '@plumbline/contracts';
import type { SortKey } from './leaderboard-sort.ts';

export const FACT_KEYS = ['method', 'backbone', 'preset', 'seed'] as const;
export const COST_KEYS = [
  'latencyP50',
  'latencyP95',
  'hardware',
  'parameters',
  'sizeBytes',
  'peakRssMb',
  'trainSeconds',
] as const;

export type ColumnKey = (typeof FACT_KEYS)[number] | MetricName | (typeof COST_KEYS)[number];

export interface Column {
  readonly key: ColumnKey;
  readonly label: string;
  readonly title: string;
  /** What the column is sorted by; null where that would say nothing. */
  readonly sort: SortKey | null;
}

const COSTS: Record<(typeof COST_KEYS)[number], { label: string; title: string }> = {
  latencyP50: { label: 'Latency p50', title: 'Median time per image, from encoded bytes to map' },
  latencyP95: { label: 'Latency p95', title: '95th percentile of the time per image' },
  hardware: {
    label: 'Measured on',
    title: 'Hardware and provider that the latency was measured on',
  },
  parameters: {
    label: 'Parameters',
    title: 'Weights of the graph, including the backbone',
  },
  sizeBytes: { label: 'Size', title: 'Size of the bundle' },
  peakRssMb: { label: 'Peak memory', title: 'Peak resident memory of training and evaluation' },
  trainSeconds: {
    label: 'Train time',
    title:
      'Time for features and fit, without export and evaluation; optimizer steps where a network is trained',
  },
};

const FACT_LABELS: Record<(typeof FACT_KEYS)[number], string> = {
  method: 'Method',
  backbone: 'Backbone',
  preset: 'Preset',
  seed: 'Seed',
};

export const COLUMN_GROUPS: readonly { title: string; columns: readonly Column[] }[] = [
  {
    title: 'Configuration',
    columns: FACT_KEYS.map((key) => ({
      key,
      label: FACT_LABELS[key],
      title: FACT_LABELS[key],
      sort: null,
    })),
  },
  {
    title: 'Metrics',
    columns: ALL_METRIC_NAMES.map((key) => ({
      key,
      label: METRICS[key].short,
      title: METRICS[key].long,
      sort: key,
    })),
  },
  {
    title: 'Cost',
    columns: COST_KEYS.map((key) => ({
      key,
      ...COSTS[key],
      sort: key === 'hardware' ? null : key,
    })),
  },
];

const COLUMNS: readonly Column[] = COLUMN_GROUPS.flatMap((group) => group.columns);

const DEFAULT_KEYS: readonly ColumnKey[] = [
  'method',
  'backbone',
  'seed',
  ...CORE_METRIC_NAMES,
  'latencyP50',
  'latencyP95',
  'parameters',
  'sizeBytes',
  'peakRssMb',
  'trainSeconds',
];

/** `imageAuroc,seed`; the usual ones when absent. Unknown names are passed over, the order is always the same. */
export function parseColumns(text: string | null | undefined): readonly Column[] {
  const wanted: readonly string[] = text == null ? DEFAULT_KEYS : text.split(',');
  return COLUMNS.filter((column) => wanted.includes(column.key));
}

/** The columns with one more or one fewer, as they stand in the address; null when they are the usual ones. */
export function toggledColumns(shown: readonly Column[], key: ColumnKey): string | null {
  const before = shown.map((column) => column.key);
  const wanted = before.includes(key) ? before.filter((one) => one !== key) : [...before, key];
  const keys = COLUMNS.map((column) => column.key).filter((one) => wanted.includes(one));
  const usual = COLUMNS.map((column) => column.key).filter((one) => DEFAULT_KEYS.includes(one));
  return keys.join() === usual.join() ? null : keys.join(',');
}

export function isNumeric(key: ColumnKey): boolean {
  return (
    key === 'seed' || isMetricName(key) || (key !== 'hardware' && COST_KEYS.some((k) => k === key))
  );
}
