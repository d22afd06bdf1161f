/** @file Accuracy against latency, drawn by uPlot; the table beneath it says the same in numbers. */
'use client';

import { useCallback, useMemo } from 'react';
import type uPlot from 'uplot';
import { type PlotLook, usePlot } from '~/components/charts/use-plot.ts';
import { formatMilliseconds } from '~/format/format-number.ts';
import { logMarks, type ParetoPoint } from './pareto-points.ts';

const HEIGHT = 300;
const DASHES = [[], [8, 4], [2, 4]];

interface ParetoChartProps {
  points: readonly ParetoPoint[];
  hardware: readonly string[];
}

export function ParetoChart({ points, hardware }: ParetoChartProps) {
  const optionsOf = useCallback(
    (look: PlotLook, Plot: typeof uPlot) => chartOptions(Plot, { points, hardware }, look),
    [points, hardware],
  );
  const data = useMemo(() => dataOf(points, hardware), [points, hardware]);
  const host = usePlot({ optionsOf, data });

  const best = points.filter((point) => point.onFront).length;
  return (
    <div
      ref={host}
      role="img"
      aria-label={`Image AUROC against latency of ${points.length} model versions, ${best} of them on the front. The table below has the numbers.`}
      className="min-w-0 overflow-hidden"
      style={{ minHeight: HEIGHT }}
    />
  );
}

/** Latency; image AUROC in percent of the points off every front; then of each hardware's front. */
function dataOf(
  points: readonly ParetoPoint[],
  hardware: readonly string[],
): [number[], ...(number | null)[][]] {
  const percent = (point: ParetoPoint, shown: boolean) => (shown ? point.accuracy * 100 : null);
  return [
    points.map((point) => point.p50),
    points.map((point) => percent(point, !point.onFront)),
    ...hardware.map((one) =>
      points.map((point) => percent(point, point.onFront && point.hardware === one)),
    ),
  ];
}

function chartOptions(
  Plot: typeof uPlot,
  { points, hardware }: ParetoChartProps,
  { isDark, width }: PlotLook,
): uPlot.Options {
  const soft = isDark ? '#aab2b2' : '#54595a';
  const accent = isDark ? '#6accc5' : '#0b6163';
  const grid = { stroke: isDark ? '#343a3c' : '#d9d9d2', width: 1 };
  const stepped = Plot.paths.stepped?.({ align: 1 });
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, distr: 3, range: () => latencyRange(points) },
      y: { range: (_chart, low, high) => rangeOf(low, high) },
    },
    axes: [
      {
        ...{ stroke: soft, grid, ticks: grid, size: 34, labelSize: 22 },
        label: 'Latency p50, logarithmic',
        splits: (chart, _axis, low, high) => logMarks(low, high, Math.floor(chart.width / 90)),
        filter: (_chart, splits) => splits,
        values: (_chart, splits) => splits.map((mark) => formatMilliseconds(mark)),
      },
      { ...{ stroke: soft, grid, ticks: grid, size: 56, labelSize: 22 }, label: 'Image AUROC, %' },
    ],
    series: [
      {},
      {
        stroke: soft,
        paths: () => null,
        points: { show: true, size: 10, width: 1.5, stroke: soft, fill: 'transparent' },
      },
      ...hardware.map((_one, index) => ({
        stroke: accent,
        width: 1.75,
        dash: DASHES[index % DASHES.length] ?? [],
        spanGaps: true,
        ...(stepped === undefined ? {} : { paths: stepped }),
        points: { show: true, size: 11, stroke: accent, fill: accent },
      })),
    ],
    hooks: {
      draw: [(chart) => drawNumbers(chart, points, isDark ? '#e9ebea' : '#1b1e1f')],
    },
  };
}

/** From the points themselves: uPlot would widen it to whole decades. */
function latencyRange(points: readonly ParetoPoint[]): [number, number] {
  const latencies = points.map((point) => point.p50);
  return [Math.min(...latencies) / 1.6, Math.max(...latencies) * 1.6];
}

/** Some room around the points, never above 100 %. */
function rangeOf(low: number, high: number): [number, number] {
  const room = Math.max(0.5, (high - low) * 0.15);
  return [Math.max(0, low - room), high + room > 100 ? 100 + room * 0.3 : high + room];
}

function drawNumbers(chart: uPlot, points: readonly ParetoPoint[], ink: string): void {
  const { ctx } = chart;
  const scale = window.devicePixelRatio;
  ctx.save();
  ctx.fillStyle = ink;
  ctx.font = `${12 * scale}px system-ui, sans-serif`;
  for (const { number, p50, accuracy } of points) {
    const left = chart.valToPos(p50, 'x', true) + 8 * scale;
    const top = chart.valToPos(accuracy * 100, 'y', true) + 16 * scale;
    ctx.fillText(String(number), left, top);
  }
  ctx.restore();
}
