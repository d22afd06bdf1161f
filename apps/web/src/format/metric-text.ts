/** @file A metric in words: percent, or "undefined", or a dash where the version did not compute it; and why. */
import {
  type Evaluated,
  isComputed,
  type MetricName,
  UNDEFINED_WORDS,
  undefinedMeanReason,
} from '@plumbline/contracts';
import { formatMetric } from './format-number.ts';

export interface MetricText {
  readonly text: string;
  /** Why there is no number; null where there is one. */
  readonly title: string | null;
}

/** @param result what the value is of, where it is known */
export function metricText(
  metric: MetricName,
  value: number | null,
  result?: Evaluated,
): MetricText {
  if (value !== null) return { text: formatMetric(value), title: null };
  if (result !== undefined && !isComputed(result, metric))
    return { text: '–', title: `Undefined: ${UNDEFINED_WORDS['not-computed']}.` };
  return { text: 'undefined', title: `Undefined: ${undefinedMeanReason(metric, result)}.` };
}
