/** @file Points over time, drawn by uPlot: small points are normal, large ones of another color anomalous; the line is the threshold. */
'use client';

import { useMemo } from 'react';
import type uPlot from 'uplot';
import { type PlotLook, usePlot } from '~/components/charts/use-plot.ts';
import type { ScorePoints } from './score-points.ts';

const HEIGHT = 260;
const COLORS = {
  light: {
    ink: '#54595a',
    grid: '#d9d9d2',
    normal: '#0b6163',
    anomalous: '#a3421f',
    cut: '#1f2324',
  },
  dark: {
    ink: '#aab2b2',
    grid: '#343a3c',
    normal: '#6accc5',
    anomalous: '#f0a27f',
    cut: '#f1f2ee',
  },
};

export function ScoresChart({ points, label }: { points: ScorePoints; label: string }) {
  const data = useMemo((): uPlot.AlignedData => {
    const { times, normal, anomalous, thresholds } = points;
    return [times, normal, anomalous, thresholds];
  }, [points]);
  const host = usePlot({ optionsOf: chartOptions, data });

  return (
    <div
      ref={host}
      role="img"
      aria-label={`${label} of ${points.times.length} inspections over time, with the threshold.`}
      className="min-w-0 overflow-hidden"
    />
  );
}

function chartOptions({ isDark, width }: PlotLook): uPlot.Options {
  const { ink, grid, normal, anomalous, cut } = isDark ? COLORS.dark : COLORS.light;
  const lines = { stroke: grid, width: 1 };
  const dots = (stroke: string, size: number): uPlot.Series => ({
    stroke,
    paths: () => null,
    points: { show: true, size, fill: stroke },
  });
  return {
    width,
    height: HEIGHT,
    // Moments are in UTC everywhere.
    tzDate: (seconds) =>
      new Date(seconds * 1_000 + new Date(seconds * 1_000).getTimezoneOffset() * 60_000),
    axes: [
      { stroke: ink, grid: lines, ticks: lines },
      { stroke: ink, grid: lines, ticks: lines, size: 64 },
    ],
    series: [
      { label: 'Time (UTC)' },
      { label: 'Normal', ...dots(normal, 5) },
      { label: 'Anomalous', ...dots(anomalous, 9) },
      { label: 'Threshold', stroke: cut, width: 1.75, dash: [8, 4], points: { show: false } },
    ],
  };
}
