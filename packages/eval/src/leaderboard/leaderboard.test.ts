/** @file The order of the leaderboard: ranks, ties, barred rows, the Pareto front. */
import { UNDEFINED_METRICS } from '@plumbline/contracts';
import { expect, test } from 'vitest';
import { rankRows, seedSpread, type UnrankedRow } from '../index.ts';

function row(
  model: string,
  imageAuroc: number | null,
  pixelAuroc: number | null,
  more: Partial<UnrankedRow> = {},
): UnrankedRow {
  return {
    model,
    modelVersion: 1,
    datasetVersion: 'v',
    barred: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    external: false,
    method: 'rlr',
    backbone: 'b',
    preset: 'p',
    seed: 0,
    configuration: 'c',
    mean: { ...UNDEFINED_METRICS, imageAuroc, pixelAuroc },
    categories: {},
    definedOver: {},
    intervals: null,
    checks: [],
    trainSeconds: 1,
    steps: null,
    latencyMs: { p50: 1, p95: 2, hardware: 'h', images: 1 },
    sizeBytes: 1,
    parameters: null,
    peakRssMb: null,
    ...more,
  };
}
const at = (p50: number | null, hardware = 'h') => ({
  latencyMs: { p50, p95: p50, hardware, images: 1 },
});

test('ranks by image AUROC, pixel AUROC, then name; undefined last; equal numbers share a rank', () => {
  const rows = [
    row('undefined', null, 1),
    row('second-b', 0.9, 0.8),
    row('zero', 0, 0),
    row('nothing', null, null),
    row('first', 0.9, 0.9),
    row('second-a', 0.9, 0.8, { modelVersion: 2 }),
    row('second-a', 0.9, 0.8),
    row('fifth', 0.9, null),
  ];
  const ranked = rankRows(rows).map(({ rank, model, modelVersion }) => [rank, model, modelVersion]);
  expect(ranked).toEqual([
    [1, 'first', 1],
    [2, 'second-a', 1],
    [2, 'second-a', 2],
    [2, 'second-b', 1],
    [5, 'fifth', 1],
    [6, 'zero', 1],
    [7, 'undefined', 1],
    [null, 'nothing', 1],
  ]);
  expect(rows[0]?.model).toBe('undefined');
  expect(rankRows([])).toEqual([]);
});

test('the ranks of a test go before the numbers, which order the rows of a group', () => {
  const rows = [
    row('n', null, null),
    row('d', 0.85, 1),
    row('b', 0.88, 1),
    row('a', 0.9, 1),
    row('c', 0.86, 1),
  ];
  const ranks: Record<string, number> = { a: 1, b: 1, c: 3, d: 3, n: 5 };
  expect(rankRows(rows, ({ model }) => ranks[model]).map((one) => [one.model, one.rank])).toEqual([
    ['a', 1],
    ['b', 1],
    ['c', 3],
    ['d', 3],
    ['n', null],
  ]);
});

test('a barred row is last and has no rank, however good it is', () => {
  const rows = [
    row('leaky', 1, 1, { barred: 'A test image is in training.' }),
    row('fair', 0.6, 1),
  ];
  expect(rankRows(rows).map(({ model, rank, pareto }) => [model, rank, pareto])).toEqual([
    ['fair', 1, true],
    ['leaky', null, false],
  ]);
});

test('the front holds what nothing as fast beats, hardware by hardware', () => {
  const rows = [
    row('best', 0.9, 1, at(100)),
    row('fast', 0.8, 1, at(10)),
    row('beaten', 0.79, 1, at(11)),
    row('equal and slower', 0.9, 0.5, at(120)),
    row('elsewhere', 0.7, 1, at(50, 'another machine')),
    row('undefined', null, 1, at(1)),
    row('not measured', 1, 1, at(null)),
  ];
  const front = rankRows(rows).filter((one) => one.pareto);
  expect(front.map((one) => one.model)).toEqual(['best', 'fast', 'elsewhere']);
});

test('the spread over seeds is the sample standard deviation, and absent with one seed', () => {
  expect(seedSpread([0.5, null])).toEqual({ mean: 0.5, spread: null, runs: 1 });
  const { mean, spread, runs } = seedSpread([0.9, 0.8, 1]);
  expect(mean).toBeCloseTo(0.9, 12);
  expect(spread).toBeCloseTo(0.1, 12);
  expect(runs).toBe(3);
  expect(seedSpread([null])).toEqual({ mean: null, spread: null, runs: 0 });
});
