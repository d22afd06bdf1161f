/** @file A metric of one version against another's, in percent points. */
import { classNames } from '~/components/ui/class-names.ts';

interface MetricDifferenceProps {
  value: number | null;
  against: number | null;
}

/** Undefined where either is; never zero in its place. */
export function MetricDifference({ value, against }: MetricDifferenceProps) {
  if (value === null || against === null)
    return <span className="text-ink-soft italic">undefined</span>;
  const points = Number(((value - against) * 100).toFixed(1));
  if (points === 0) return <>±0.0</>;
  return (
    <span className={classNames('font-medium', points > 0 ? 'text-ok' : 'text-bad')}>
      {points > 0 ? '+' : '−'}
      {Math.abs(points).toFixed(1)}
    </span>
  );
}
