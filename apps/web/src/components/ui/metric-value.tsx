/** @file One metric: percent with one decimal, or "undefined" with the reason. */
import type { Metrics } from '@plumbline/contracts';
import { formatMetric } from '~/format/format-number.ts';
import { METRIC_LABELS } from '~/format/metric-labels.ts';

export function MetricValue({ metric, value }: { metric: keyof Metrics; value: number | null }) {
  if (value !== null) return <>{formatMetric(value)}</>;
  return (
    <span title={METRIC_LABELS[metric].undefinedBecause} className="text-ink-soft italic">
      undefined
    </span>
  );
}
