import { expect, it } from 'vitest';
import type { MeasuredRun } from './measure-run.ts';
import { toBoards, writeTable } from './method-table.ts';

const RUN: MeasuredRun = {
  ...{ dataset: 'sample', datasetVersion: 'v1-a', protocol: 'plumbline-256', codeVersion: 'c1' },
  ...{ method: 'padim', preset: 'quick', backbone: 'compact', seed: 0 },
  ...{ imageAuroc: 0.9, pixelAuroc: 0.95, aupro30: null },
  categories: { a: 0.84, b: 0.96 },
  ...{ fitSeconds: 10, runSeconds: 60, imageMs: 20, modelBytes: 5e6, peakRssMb: 900 },
};

it('gives mean and sample standard deviation over the seeds, and the category of the lowest mean', () => {
  const second = { ...RUN, seed: 1, imageAuroc: 0.94, categories: { a: 0.98, b: 0.9 } };
  const [board] = toBoards([second, RUN]);
  expect(board?.rows).toHaveLength(1);
  expect(board?.rows[0]).toMatchObject({ seeds: [0, 1], codeVersions: ['c1'] });
  expect(board?.rows[0]?.imageAuroc.mean).toBeCloseTo(0.92, 12);
  // Deviations ±0.02: √((0.02² + 0.02²) / 1).
  expect(board?.rows[0]?.imageAuroc.deviation).toBeCloseTo(0.02 * Math.SQRT2, 12);
  expect(board?.rows[0]?.hardest?.category).toBe('a');
  expect(board?.rows[0]?.hardest?.imageAuroc).toBeCloseTo(0.91, 12);
  expect(writeTable(toBoards([second, RUN]))).toContain(
    '| padim, `compact` | 92.0 ± 2.8 | a 91.0 | 95.0 ± 0.0 | undefined | 10.0 ± 0.0 | 20.0 ± 0.0 | 5.0 | 0, 1 |',
  );
});

it('has no deviation with one seed', () => {
  expect(toBoards([RUN])[0]?.rows[0]?.imageAuroc).toEqual({ mean: 0.9, deviation: null });
});

it('never takes the mean over different dataset versions, protocols, presets or backbones', () => {
  const others = [
    { ...RUN, datasetVersion: 'v2-b' },
    { ...RUN, protocol: 'plumbline-512' },
    { ...RUN, preset: 'tiny' },
    { ...RUN, backbone: 'standard' },
  ];
  const boards = toBoards([RUN, ...others]);
  expect(boards.map(({ rows }) => rows.length)).toEqual([3, 1, 1]);
});

it('names every code version that a row rests on', () => {
  const [board] = toBoards([RUN, { ...RUN, seed: 1, codeVersion: 'c2' }]);
  expect(board?.rows[0]?.codeVersions).toEqual(['c1', 'c2']);
  expect(writeTable(toBoards([RUN, { ...RUN, seed: 1, codeVersion: 'c2' }]))).toContain(
    '`c1`, `c2`',
  );
});
