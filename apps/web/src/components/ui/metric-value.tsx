/** @file One metric: percent with one decimal, or "undefined" with the reason. */
import type { Evaluated, MetricName } from '@plumbline/contracts';
import { metricText } from '~/format/metric-text.ts';

interface MetricValueProps {
  metric: MetricName;
  value: number | null;
  /** What the value is of, where it is known. */
  result?: Evaluated;
}

export function MetricValue({ metric, value, result }: MetricValueProps) {
  const { text, title } = metricText(metric, value, result);
  if (title === null) return <>{text}</>;
  return (
    <span title={title} className="text-ink-soft italic">
      {text}
    </span>
  );
}
