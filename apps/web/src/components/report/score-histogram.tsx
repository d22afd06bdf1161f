/** @file Image scores of the test split: normal upwards, anomalous downwards, on one axis with the thresholds. */
import type { ScoreHistogram as Histogram, Threshold } from '@plumbline/contracts';
import { Card } from '~/components/ui/card.tsx';
import { formatCount, formatScore } from '~/format/format-number.ts';

const WIDTH = 640;
const HALF = 90;
const MARGIN = 8;

interface ScoreHistogramProps {
  histogram: Histogram | null;
  /** Of the profile that serves; null for all categories together, which have one each. */
  threshold: Threshold | null;
}

export function ScoreHistogram({ histogram, threshold }: ScoreHistogramProps) {
  if (histogram === null) {
    return (
      <Card title="Image scores">
        <p className="text-ink-soft text-sm">There are no test images.</p>
      </Card>
    );
  }
  const { normal, anomalous } = histogram;
  const cuts = threshold === null ? [] : [threshold.imageThreshold];
  if (threshold?.uncertainThreshold !== undefined) cuts.push(threshold.uncertainThreshold);
  const low = Math.min(histogram.low, ...cuts);
  const high = Math.max(histogram.high, ...cuts);
  const placed = (value: number) =>
    MARGIN + ((value - low) / (high - low || 1)) * (WIDTH - 2 * MARGIN);
  const width = (histogram.high - histogram.low) / normal.length;
  const most = Math.max(1, ...normal, ...anomalous);
  const bars = (counts: readonly number[], up: boolean) =>
    counts.map((count, bin) => {
      const height = (count / most) * (HALF - 6);
      const x = placed(histogram.low + bin * width);
      return (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: a bin is its place
          key={bin}
          x={x + 0.5}
          y={up ? HALF - height : HALF}
          width={Math.max(1, placed(histogram.low + (bin + 1) * width) - x - 1)}
          height={height}
        />
      );
    });
  return (
    <Card
      title="Image scores of the test split"
      description="For information only: thresholds are never chosen by it."
    >
      <svg
        viewBox={`0 0 ${WIDTH} ${2 * HALF + 26}`}
        role="img"
        aria-label={`Image scores from ${formatScore(histogram.low)} to ${formatScore(histogram.high)}: ${countWords(normal)} normal images, ${countWords(anomalous)} anomalous ones${cuts[0] === undefined ? '' : `; anomalous from ${formatScore(cuts[0])}`}.`}
        className="h-auto w-full text-[12px]"
      >
        <g className="fill-ok">{bars(normal, true)}</g>
        <g className="fill-bad">{bars(anomalous, false)}</g>
        <path d={`M${MARGIN} ${HALF}H${WIDTH - MARGIN}`} className="stroke-line-strong" />
        {cuts.map((cut, index) => (
          <path
            key={index === 0 ? 'anomalous' : 'uncertain'}
            d={`M${placed(cut)} 0V${2 * HALF}`}
            strokeWidth={2}
            strokeDasharray={index === 0 ? undefined : '4 4'}
            className="stroke-ink"
          />
        ))}
        <g className="fill-ink-soft">
          <text x={MARGIN} y={14}>
            normal ({countWords(normal)})
          </text>
          <text x={MARGIN} y={2 * HALF - 6}>
            anomalous ({countWords(anomalous)})
          </text>
          <text x={MARGIN} y={2 * HALF + 18}>
            {formatScore(low)}
          </text>
          <text x={WIDTH - MARGIN} y={2 * HALF + 18} textAnchor="end">
            {formatScore(high)}
          </text>
        </g>
      </svg>
      <p className="mt-2 text-ink-soft text-sm">
        {cuts[0] === undefined
          ? 'Each category has its own threshold; choose one to see it.'
          : `Solid line: anomalous from ${formatScore(cuts[0])}.`}
        {cuts[1] === undefined ? '' : ` Dashed line: uncertain from ${formatScore(cuts[1])}.`}
      </p>
    </Card>
  );
}

function countWords(counts: readonly number[]): string {
  return formatCount(counts.reduce((sum, count) => sum + count, 0));
}
