/** @file A curve in the unit square: ROC, PR or PRO. */
import type { CurvePoints } from '@plumbline/contracts';
import { Card } from '~/components/ui/card.tsx';

const SIDE = 240;
const LEFT = 34;
const TOP = 8;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

export interface Curve {
  readonly label: string;
  readonly points: CurvePoints | null;
  /** Why there are no points. */
  readonly undefinedBecause: string;
}

interface CurvePlotProps {
  title: string;
  x: string;
  y: string;
  curves: readonly Curve[];
  /** Shades x up to here: the part that AUPRO integrates. */
  limit?: number;
}

/** Told apart by dash as well as by color. */
const LOOKS = [
  { stroke: 'stroke-accent', dash: undefined },
  { stroke: 'stroke-bad', dash: '6 4' },
] as const;

export function CurvePlot({ title, x, y, curves, limit }: CurvePlotProps) {
  const drawn = curves.filter((curve) => curve.points !== null);
  return (
    <Card title={title}>
      <svg
        viewBox={`0 0 ${LEFT + SIDE + 12} ${TOP + SIDE + 40}`}
        role="img"
        aria-label={`${title}: ${y} against ${x}. ${curves.map(summary).join(' ')}`}
        className="h-auto w-full max-w-md fill-ink-soft text-[11px]"
      >
        {limit === undefined ? null : (
          <rect x={LEFT} y={TOP} width={limit * SIDE} height={SIDE} className="fill-accent-soft" />
        )}
        {TICKS.map((tick) => (
          <g key={tick}>
            <path
              d={`M${LEFT} ${TOP + (1 - tick) * SIDE}h${SIDE}M${LEFT + tick * SIDE} ${TOP}v${SIDE}`}
              className="fill-none stroke-line"
            />
            <text x={LEFT - 6} y={TOP + (1 - tick) * SIDE + 4} textAnchor="end">
              {tick}
            </text>
            <text x={LEFT + tick * SIDE} y={TOP + SIDE + 16} textAnchor="middle">
              {tick}
            </text>
          </g>
        ))}
        <text x={LEFT + SIDE / 2} y={TOP + SIDE + 34} textAnchor="middle">
          {x}
        </text>
        {drawn.map((curve) => {
          const look = LOOKS[curves.indexOf(curve) % LOOKS.length]!;
          return (
            <polyline
              key={curve.label}
              points={pointsOf(curve.points!)}
              strokeDasharray={look.dash}
              className={`fill-none ${look.stroke}`}
              strokeWidth={2}
              strokeLinejoin="round"
            />
          );
        })}
      </svg>
      <ul className="mt-2 space-y-1 text-sm">
        {curves.map((curve, index) => (
          <li key={curve.label} className="flex items-center gap-2">
            <svg aria-hidden="true" viewBox="0 0 28 4" className="w-7">
              <path
                d="M0 2h28"
                strokeWidth={2}
                strokeDasharray={LOOKS[index % LOOKS.length]?.dash}
                className={LOOKS[index % LOOKS.length]?.stroke}
              />
            </svg>
            {curve.label}
            {curve.points === null ? (
              <span className="text-ink-soft italic">undefined: {curve.undefinedBecause}</span>
            ) : null}
          </li>
        ))}
      </ul>
      <p className="mt-1 text-ink-soft text-xs">{y} upwards.</p>
    </Card>
  );
}

function pointsOf({ x, y }: CurvePoints): string {
  return x
    .map((value, index) => {
      const left = LEFT + value * SIDE;
      const top = TOP + (1 - (y[index] ?? 0)) * SIDE;
      return `${left.toFixed(1)},${top.toFixed(1)}`;
    })
    .join(' ');
}

function summary({ label, points, undefinedBecause }: Curve): string {
  if (points === null) return `${label}: undefined, ${undefinedBecause}.`;
  const middle = Math.floor(points.x.length / 2);
  const at = (value: number | undefined) => (value ?? 0).toFixed(2);
  return `${label}: from ${at(points.y[0])} over ${at(points.y[middle])} at ${at(points.x[middle])} to ${at(points.y.at(-1))}.`;
}
