/** @file The core metrics as columns of a table. */
import { CORE_METRIC_NAMES, METRICS, type MetricName } from '@plumbline/contracts';
import type { ReactNode } from 'react';
import { numeric, Td, Th } from './table.tsx';

export function MetricHeads() {
  return CORE_METRIC_NAMES.map((metric) => (
    <Th key={metric} className={numeric} title={METRICS[metric].long}>
      {METRICS[metric].short}
    </Th>
  ));
}

/** @param props.of What the cell of a metric shows. */
export function MetricCells({ of }: { of: (metric: MetricName) => ReactNode }) {
  return CORE_METRIC_NAMES.map((metric) => (
    <Td key={metric} label={METRICS[metric].short} className={numeric}>
      {of(metric)}
    </Td>
  ));
}
