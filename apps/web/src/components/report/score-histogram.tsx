/** @file Image scores of the test split: normal upwards, anomalous downwards, on one axis with the thresholds. */
import type { ScoreHistogram as Histogram, Threshold } from '@plumbline/contracts';
import { Card } from '~/components/ui/card.tsx';
import { Disclosure } from '~/components/ui/disclosure.tsx';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';
import { formatCount, formatScore } from '~/format/format-number.ts';

/** The picture is stretched to its card's width: it holds bars and lines only, no text. */
const WIDTH = 1000;
const HALF = 100;

interface ScoreHistogramProps {
  histogram: Histogram | null;
  /** Of the profile that serves; null for imported results, which have none. */
  threshold: Threshold | null;
  /** Such as `its` or `the pooled`. */
  whose: string;
}

export function ScoreHistogram({ histogram, threshold, whose }: ScoreHistogramProps) {
  if (histogram === null) {
    return (
      <Card title="Image scores">
        <p className="text-ink-soft text-sm">There are no test images.</p>
      </Card>
    );
  }
  const normal = sumOf(histogram.normal);
  const anomalous = sumOf(histogram.anomalous);
  const cuts = threshold === null ? [] : [threshold.imageThreshold];
  if (threshold?.uncertainThreshold !== undefined) cuts.push(threshold.uncertainThreshold);
  const low = Math.min(histogram.low, ...cuts);
  const high = Math.max(histogram.high, ...cuts);
  return (
    <Card
      title="Image scores of the test split"
      description="For information only: thresholds are never chosen by it."
    >
      <p className="mb-1 text-sm">
        <Swatch className="bg-ok" />
        {formatCount(normal)} normal, upwards
      </p>
      <Bars {...{ histogram, cuts, low, high }} />
      <p className="flex justify-between text-ink-soft text-xs">
        <span>{formatScore(low)}</span>
        <span>image score</span>
        <span>{formatScore(high)}</span>
      </p>
      <p className="mt-1 text-sm">
        <Swatch className="bg-bad" />
        {formatCount(anomalous)} anomalous, downwards
      </p>
      <p className="mt-2 text-ink-soft text-sm">
        {cuts[0] === undefined
          ? 'Imported results have no threshold.'
          : `Solid line: anomalous from ${formatScore(cuts[0])}, ${whose} threshold.`}
        {cuts[1] === undefined ? '' : ` Dashed line: uncertain from ${formatScore(cuts[1])}.`}
      </p>
      <HistogramTable histogram={histogram} />
    </Card>
  );
}

interface BarsProps {
  histogram: Histogram;
  cuts: readonly number[];
  low: number;
  high: number;
}

function Bars({ histogram, cuts, low, high }: BarsProps) {
  const { normal, anomalous } = histogram;
  const placed = (value: number) => ((value - low) / (high - low || 1)) * WIDTH;
  const width = placed(low + binWidth(histogram));
  const most = Math.max(1, ...normal, ...anomalous);
  const bars = (counts: readonly number[], up: boolean) =>
    counts.map((count, bin) => {
      const height = (count / most) * HALF;
      const left = placed(histogram.low + bin * binWidth(histogram));
      return (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: a bin is its place
          key={bin}
          x={left}
          y={up ? HALF - height : HALF}
          width={Math.max(2, width * 0.92)}
          height={height}
        />
      );
    });
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${2 * HALF}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`Image scores from ${formatScore(histogram.low)} to ${formatScore(histogram.high)}: ${sumOf(normal)} normal images, ${sumOf(anomalous)} anomalous ones${cuts[0] === undefined ? '' : `; anomalous from ${formatScore(cuts[0])}`}. The counts are in the table below.`}
      className="h-52 w-full overflow-visible"
    >
      <g className="fill-ok">{bars(normal, true)}</g>
      <g className="fill-bad">{bars(anomalous, false)}</g>
      <path
        d={`M0 ${HALF}H${WIDTH}`}
        vectorEffect="non-scaling-stroke"
        className="stroke-ink-soft"
      />
      {cuts.map((cut, index) => (
        <path
          key={index === 0 ? 'anomalous' : 'uncertain'}
          d={`M${placed(cut)} 0V${2 * HALF}`}
          strokeWidth={2}
          strokeDasharray={index === 0 ? undefined : '4 4'}
          vectorEffect="non-scaling-stroke"
          className="stroke-ink"
        />
      ))}
    </svg>
  );
}

function HistogramTable({ histogram }: { histogram: Histogram }) {
  const { low, normal, anomalous } = histogram;
  const rows = normal.flatMap((count, bin) => {
    const from = low + bin * binWidth(histogram);
    const other = anomalous[bin] ?? 0;
    return count + other === 0 ? [] : [{ from, to: from + binWidth(histogram), count, other }];
  });
  return (
    <Disclosure summary="The counts as a table">
      <TableBox label="Test images by image score">
        <thead>
          <tr>
            <Th>Image score</Th>
            <Th className={numeric}>Normal</Th>
            <Th className={numeric}>Anomalous</Th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ from, to, count, other }) => (
            <tr key={from}>
              <Th scope="row">
                {formatScore(from)} to {formatScore(to)}
              </Th>
              <Td className={numeric}>{count}</Td>
              <Td className={numeric}>{other}</Td>
            </tr>
          ))}
        </tbody>
      </TableBox>
    </Disclosure>
  );
}

function Swatch({ className }: { className: string }) {
  return <span aria-hidden="true" className={`mr-2 inline-block size-3 rounded-xs ${className}`} />;
}

function binWidth({ low, high, normal }: Histogram): number {
  return (high - low) / normal.length;
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
