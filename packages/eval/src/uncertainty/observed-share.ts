/** @file A share that was counted, with its interval. */
import type { ObservedShare } from '@plumbline/contracts';
import { scoreInterval } from './score-interval.ts';

const CONFIDENCE = 0.95;

/** Wilson's interval of `count` of `total`: the one of a metric whose images are all there is to it. Null of none. */
export function observedShare(count: number, total: number): ObservedShare {
  if (total === 0) return null;
  const share = count / total;
  // A counted share has no variance that was estimated: its degrees of freedom are those of the normal distribution.
  const estimate = { value: share, sample: total, degrees: Number.MAX_SAFE_INTEGER };
  return { share, ...scoreInterval(estimate, CONFIDENCE) };
}
