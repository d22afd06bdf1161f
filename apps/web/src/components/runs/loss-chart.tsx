/** @file The loss curve, drawn by uPlot; the table beneath it says the same in numbers. */
'use client';

import { useCallback, useMemo } from 'react';
import type uPlot from 'uplot';
import { type PlotLook, usePlot } from '~/components/charts/use-plot.ts';
import type { LossSeries } from './loss-series.ts';

/** Told apart by dash as well as by color. */
const STROKES = {
  light: ['#0b6163', '#a3421f', '#4a3fa0'],
  dark: ['#6accc5', '#f0a27f', '#b3a9ff'],
};
const DASHES = [[], [8, 4], [2, 4]];
const HEIGHT = 260;

export function LossChart({ series, logScale }: { series: LossSeries; logScale: boolean }) {
  const levels = series.levels.join('\n');
  const optionsOf = useCallback(
    (look: PlotLook) => chartOptions({ ...look, levels: levels.split('\n'), logScale }),
    [levels, logScale],
  );
  const data = useMemo(() => dataOf(series, logScale), [series, logScale]);
  const host = usePlot({ optionsOf, data });

  const last = series.steps.at(-1) ?? 0;
  return (
    <div
      ref={host}
      role="img"
      aria-label={`Loss over ${last} steps for ${series.levels.join(', ')}. The table below has the numbers.`}
      className="min-w-0 overflow-hidden"
    />
  );
}

/** A logarithm has no place for zero and less. */
function dataOf(series: LossSeries, logScale: boolean): uPlot.AlignedData {
  const positive = (value: number | null) =>
    value !== null && logScale && value <= 0 ? null : value;
  return [series.steps, ...series.columns.map((column) => column.map(positive))];
}

interface ChartLook extends PlotLook {
  readonly levels: readonly string[];
  readonly logScale: boolean;
}

function chartOptions({ levels, logScale, isDark, width }: ChartLook): uPlot.Options {
  const ink = isDark ? '#aab2b2' : '#54595a';
  const grid = { stroke: isDark ? '#343a3c' : '#d9d9d2', width: 1 };
  const strokes = isDark ? STROKES.dark : STROKES.light;
  return {
    width,
    height: HEIGHT,
    scales: { x: { time: false }, y: logScale ? { distr: 3 } : {} },
    axes: [
      { stroke: ink, grid, ticks: grid, label: 'Step', labelSize: 22, size: 34 },
      { stroke: ink, grid, ticks: grid, size: 64 },
    ],
    series: [
      { label: 'Step' },
      ...levels.map((label, index) => ({
        label,
        stroke: strokes[index % strokes.length],
        dash: DASHES[index % DASHES.length],
        width: 1.75,
        spanGaps: true,
        points: { show: false },
      })),
    ],
  };
}
