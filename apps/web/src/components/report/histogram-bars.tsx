/** @file The bars of a histogram of image scores, and its counts as a table. */
import type { ScoreHistogram as Histogram } from '@plumbline/contracts';
import { Disclosure } from '~/components/ui/disclosure.tsx';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';

/** The picture is stretched to its card's width: it holds bars and lines only, no text. */
const WIDTH = 1000;
const HALF = 100;

export interface ScoreAxis {
  readonly label: string;
  /** After a number, such as ` × the threshold`. */
  readonly unit: string;
  text(value: number): string;
}

interface BarsProps {
  histogram: Histogram;
  axis: ScoreAxis;
  cuts: readonly number[];
  low: number;
  high: number;
}

export function Bars({ histogram, axis, cuts, low, high }: BarsProps) {
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
      aria-label={`Image scores from ${axis.text(histogram.low)} to ${axis.text(histogram.high)}${axis.unit}: ${sumOf(normal)} normal images, ${sumOf(anomalous)} anomalous ones${cuts[0] === undefined ? '' : `; anomalous from ${axis.text(cuts[0])}`}. The counts are in the table below.`}
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

interface HistogramTableProps {
  histogram: Histogram;
  axis: ScoreAxis;
}

export function HistogramTable({ histogram, axis }: HistogramTableProps) {
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
            <Th>{axis.label}</Th>
            <Th className={numeric}>Normal</Th>
            <Th className={numeric}>Anomalous</Th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ from, to, count, other }) => (
            <tr key={from}>
              <Th scope="row">
                {axis.text(from)} to {axis.text(to)}
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

function binWidth({ low, high, normal }: Histogram): number {
  return (high - low) / normal.length;
}

export function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
