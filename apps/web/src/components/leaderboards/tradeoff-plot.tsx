/** @file Accuracy against latency: up is more accurate, left is faster. */
import type { LeaderboardRow } from '@plumbline/contracts';
import { Card } from '~/components/ui/card.tsx';
import { formatMetric, formatMilliseconds } from '~/format/format-number.ts';
import { type TradeoffPoint, tradeoff } from './tradeoff-scale.ts';

const PLOT = { left: 56, top: 14, width: 560, height: 210 };

export function TradeoffPlot({ rows }: { rows: LeaderboardRow[] }) {
  const plane = tradeoff(rows);
  if (plane === null) return null;
  const right = PLOT.left + PLOT.width;
  const bottom = PLOT.top + PLOT.height;
  return (
    <Card
      title="Accuracy against latency"
      description="Image AUROC in percent against the median latency of one image; higher and further left is better. The numbers are in the table."
    >
      <svg
        viewBox="0 0 640 270"
        role="img"
        aria-label={`Image AUROC against latency of ${plane.points.length} model versions`}
        className="h-auto w-full max-w-3xl fill-ink-soft text-[12px]"
      >
        <path
          d={`M${PLOT.left} ${PLOT.top}V${bottom}H${right}`}
          className="fill-none stroke-line-strong"
        />
        <text x={PLOT.left - 8} y={PLOT.top + 4} textAnchor="end">
          {formatMetric(plane.accuracy.high)}
        </text>
        <text x={PLOT.left - 8} y={bottom} textAnchor="end">
          {formatMetric(plane.accuracy.low)}
        </text>
        <text x={PLOT.left} y={bottom + 18}>
          {formatMilliseconds(plane.latency.low)}
        </text>
        <text x={right} y={bottom + 18} textAnchor="end">
          {formatMilliseconds(plane.latency.high)}
        </text>
        <text x={PLOT.left + PLOT.width / 2} y={bottom + 36} textAnchor="middle">
          Latency p50, logarithmic
        </text>
        {plane.points.map((point) => (
          <PlotPoint key={`${point.row.model}-${point.row.modelVersion}`} point={point} />
        ))}
      </svg>
    </Card>
  );
}

function PlotPoint({ point: { row, x, y } }: { point: TradeoffPoint }) {
  const cx = PLOT.left + x * PLOT.width;
  const cy = PLOT.top + (1 - y) * PLOT.height;
  const name = `${row.model} v${row.modelVersion}`;
  const toTheLeft = x > 0.7;
  return (
    <g>
      <title>{`${name}: ${formatMetric(row.mean.imageAuroc)} at ${formatMilliseconds(row.latencyMs.p50)}`}</title>
      <circle cx={cx} cy={cy} r={5} className="fill-accent stroke-surface" strokeWidth={1.5} />
      <text
        x={cx + (toTheLeft ? -9 : 9)}
        y={cy + 4}
        textAnchor={toTheLeft ? 'end' : 'start'}
        className="fill-ink"
      >
        {name}
      </text>
    </g>
  );
}
