/** @file Tests of the places of rows in the plane of latency and accuracy. */
import { type LeaderboardRow, UNDEFINED_METRICS } from '@plumbline/contracts';
import { expect, test } from 'vitest';
import { logMarks, paretoPoints } from './pareto-points.ts';

function row(
  model: string,
  imageAuroc: number | null,
  p50: number | null,
  changes: Partial<LeaderboardRow> = {},
): LeaderboardRow {
  return {
    model,
    modelVersion: 1,
    rank: 1,
    barred: null,
    createdAt: '2026-11-24T12:00:00.000Z',
    datasetVersion: 'v1-0123456789ab',
    external: false,
    method: 'padim',
    backbone: 'compact',
    preset: 'quick',
    seed: 0,
    configuration: 'abcd1234',
    mean: { ...UNDEFINED_METRICS, imageAuroc },
    categories: {},
    definedOver: {},
    intervals: null,
    checks: [],
    trainSeconds: 1,
    steps: null,
    latencyMs: { p50, p95: p50, hardware: 'one', images: 5 },
    sizeBytes: 1,
    parameters: null,
    peakRssMb: null,
    pareto: false,
    ...changes,
  };
}

test('points are numbered from the fastest on, and name the row that beats them', () => {
  const { points } = paretoPoints([
    row('accurate', 0.99, 50, { pareto: true }),
    row('beaten', 0.9, 30),
    row('fast', 0.95, 10, { pareto: true }),
  ]);
  expect(points.map(({ number, name, beatenBy }) => [number, name, beatenBy])).toEqual([
    [1, 'fast v1', null],
    [2, 'beaten v1', 'fast v1'],
    [3, 'accurate v1', null],
  ]);
});

test('a row is not beaten by one of other hardware', () => {
  const other = { p50: 5, p95: 5, hardware: 'two', images: 5 };
  const { points, hardware } = paretoPoints([
    row('here', 0.9, 30),
    row('there', 0.95, 5, { pareto: true, latencyMs: other }),
  ]);
  expect(hardware).toEqual(['two', 'one']);
  expect(points[1]).toMatchObject({ name: 'here v1', beatenBy: null });
});

test('rows without a place are named with the reason', () => {
  const { points, leftOut } = paretoPoints([
    row('undefined', null, 3),
    row('unmeasured', 0.9, null),
    row('barred', 0.9, 3, { barred: 'The same image is in train and test.' }),
  ]);
  expect(points).toEqual([]);
  expect(leftOut).toEqual([
    { name: 'undefined v1', why: 'its image AUROC is undefined' },
    { name: 'unmeasured v1', why: 'its latency was not measured' },
    { name: 'barred v1', why: 'barred' },
  ]);
});

test('a logarithmic axis is marked at 1, 2 and 5, or at its ends', () => {
  expect(logMarks(3, 60, 8)).toEqual([5, 10, 20, 50]);
  expect(logMarks(0.9, 2, 8)).toEqual([1, 2]);
  expect(logMarks(6, 9, 8)).toEqual([6, 9]);
  expect(logMarks(3, 2000, 4)).toEqual([10, 100, 1000]);
});
