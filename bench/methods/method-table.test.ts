import { ALL_METRIC_NAMES, byMetric, type Metrics } from '@plumbline/contracts';
import { protocolFor } from '@plumbline/eval';
import { expect, it } from 'vitest';
import type { MeasuredRun } from './measure-run.ts';
import { toBoards, writeTable } from './method-table.ts';

function metrics(imageAuroc: number): Metrics {
  return { ...byMetric(ALL_METRIC_NAMES, () => null), imageAuroc, pixelAuroc: 0.95 };
}

const RUN: MeasuredRun = {
  ...{ method: 'padim', preset: 'quick', backbone: 'compact', seed: 0, attempts: 1 },
  lineage: {
    ...{ run: 'r', dataset: 'sample', datasetVersion: 'v1-a', datasetHash: 'a'.repeat(64) },
    ...{ codeVersion: 'c1', createdAt: '' },
  },
  protocol: protocolFor(256),
  mean: metrics(0.9),
  categories: { a: metrics(0.84), b: metrics(0.96) },
  files: [{ name: 'model.onnx', sha256: 'b'.repeat(64), bytes: 5e6 }],
  ...{ trainSeconds: 10, latencyMs: { p50: 20, p95: 30, hardware: '2 cores', images: 8 } },
  ...{ startedAt: null, finishedAt: null },
};
const SECOND = {
  ...RUN,
  ...{ seed: 1, mean: metrics(0.94), categories: { a: metrics(0.98), b: metrics(0.9) } },
};

it('gives mean and sample standard deviation over the seeds, and the category of the lowest mean', () => {
  const [board] = toBoards([SECOND, RUN]);
  expect(board?.rows).toHaveLength(1);
  expect(board?.rows[0]).toMatchObject({ seeds: [0, 1], codeVersions: ['c1'] });
  expect(board?.rows[0]?.imageAuroc.mean).toBeCloseTo(0.92, 12);
  // Deviations ±0.02: √((0.02² + 0.02²) / 1).
  expect(board?.rows[0]?.imageAuroc.deviation).toBeCloseTo(0.02 * Math.SQRT2, 12);
  expect(board?.rows[0]?.hardest?.category).toBe('a');
  expect(board?.rows[0]?.hardest?.imageAuroc).toBeCloseTo(0.91, 12);
  expect(writeTable(toBoards([SECOND, RUN]))).toContain(
    '| padim, `compact` | 92.0 ± 2.8 | a 91.0 | 95.0 ± 0.0 | undefined | 10.0 ± 0.0 | 20.0 ± 0.0 | 5.0 | 0, 1 |',
  );
});

it('has no deviation with one seed', () => {
  expect(toBoards([RUN])[0]?.rows[0]?.imageAuroc).toEqual({ mean: 0.9, deviation: null });
});

it('never takes the mean over different dataset versions, protocols, presets or backbones', () => {
  const others = [
    { ...RUN, lineage: { ...RUN.lineage, datasetVersion: 'v2-b' } },
    { ...RUN, protocol: protocolFor(512) },
    { ...RUN, preset: 'tiny' },
    { ...RUN, backbone: 'standard' },
  ];
  const boards = toBoards([RUN, ...others]);
  expect(boards.map(({ rows }) => rows.length)).toEqual([3, 1, 1]);
});

it('names every code version that a row rests on', () => {
  const boards = toBoards([RUN, { ...SECOND, lineage: { ...RUN.lineage, codeVersion: 'c2' } }]);
  expect(boards[0]?.rows[0]?.codeVersions).toEqual(['c1', 'c2']);
  expect(writeTable(boards)).toContain('code `c1`, `c2`');
});
