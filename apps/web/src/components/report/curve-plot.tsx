/** @file A curve in the unit square: ROC, PR or PRO; as a picture and as a table. */
import type { CurvePoints } from '@plumbline/contracts';
import { Card } from '~/components/ui/card.tsx';
import { Disclosure } from '~/components/ui/disclosure.tsx';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';
import { formatMetric } from '~/format/format-number.ts';
import { curveValue, TABLE_PLACES } from './curve-value.ts';

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
  description: string;
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

export function CurvePlot({ title, description, x, y, curves, limit }: CurvePlotProps) {
  return (
    <Card title={title} description={description}>
      <svg
        viewBox={`0 0 ${LEFT + SIDE + 12} ${TOP + SIDE + 40}`}
        role="img"
        aria-label={`${title}: ${y} against ${x}. The values are in the table below.`}
        className="mx-auto h-auto w-full max-w-md fill-ink-soft text-[11px]"
      >
        {limit === undefined ? null : (
          <rect x={LEFT} y={TOP} width={limit * SIDE} height={SIDE} className="fill-accent-soft" />
        )}
        <Grid x={x} />
        {curves.map(({ label, points }, index) =>
          points === null ? null : (
            <polyline
              key={label}
              points={pointsOf(points)}
              strokeDasharray={LOOKS[index % LOOKS.length]?.dash}
              className={`fill-none ${LOOKS[index % LOOKS.length]?.stroke}`}
              strokeWidth={2}
              strokeLinejoin="round"
            />
          ),
        )}
      </svg>
      <ul className="mt-2 space-y-1 text-sm">
        {curves.map((curve, index) => (
          <li key={curve.label}>
            <Swatch look={LOOKS[index % LOOKS.length]} drawn={curve.points !== null} />
            {curve.label}
            {curve.points === null ? (
              <span className="text-ink-soft italic">, undefined: {curve.undefinedBecause}</span>
            ) : null}
          </li>
        ))}
      </ul>
      <CurveTable {...{ title, x, y, curves }} />
    </Card>
  );
}

function Grid({ x }: { x: string }) {
  return (
    <>
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
    </>
  );
}

function Swatch({ look, drawn }: { look: (typeof LOOKS)[number] | undefined; drawn: boolean }) {
  if (!drawn || look === undefined) return null;
  return (
    <svg aria-hidden="true" viewBox="0 0 28 4" className="mr-2 inline-block w-7 align-middle">
      <path d="M0 2h28" strokeWidth={2} strokeDasharray={look.dash} className={look.stroke} />
    </svg>
  );
}

function CurveTable({ title, x, y, curves }: Pick<CurvePlotProps, 'title' | 'x' | 'y' | 'curves'>) {
  const drawn = curves.filter((curve) => curve.points !== null);
  if (drawn.length === 0) return null;
  return (
    <Disclosure summary="The values as a table">
      <p className="mb-2 text-ink-soft">
        {y} in percent at each {x}.
      </p>
      <TableBox label={`${title}: ${y} in percent at each ${x}`}>
        <thead>
          <tr>
            <Th className="whitespace-normal! first-letter:uppercase">{x}</Th>
            {drawn.map(({ label }) => (
              <Th key={label} className={`${numeric} whitespace-normal!`}>
                {label}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {TABLE_PLACES.map((place) => (
            <tr key={place}>
              <Th scope="row">{place}</Th>
              {drawn.map(({ label, points }) => (
                <Td key={label} className={numeric}>
                  {points === null ? null : formatMetric(curveValue(points, place))}
                </Td>
              ))}
            </tr>
          ))}
        </tbody>
      </TableBox>
    </Disclosure>
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
