/** @file Tests of the leaderboard's order. */
import { type LeaderboardRow, UNDEFINED_METRICS } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { nextSort, parseSort, sortedRows, sortText } from './leaderboard-sort.ts';

function row(rank: number, imageAuroc: number | null, p50: number): LeaderboardRow {
  return {
    rank,
    barred: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    datasetVersion: 'v1-0123456789ab',
    external: false,
    configuration: 'c',
    definedOver: {},
    intervals: null,
    checks: [],
    parameters: null,
    peakRssMb: null,
    pareto: false,
    model: `model-${rank}`,
    modelVersion: 1,
    method: 'rlr',
    backbone: 'compact',
    preset: 'tiny',
    seed: 0,
    mean: { ...UNDEFINED_METRICS, imageAuroc },
    categories: {},
    trainSeconds: 60,
    steps: null,
    latencyMs: { p50, p95: p50 * 2, hardware: 'h', images: 1 },
    sizeBytes: 1000,
  };
}
const ROWS = [row(1, 0.9, 100), row(2, 0.8, 10), row(3, null, 5)];
const ranks = (text: string) => sortedRows(ROWS, parseSort(text)).map((one) => one.rank);

describe('sorting', () => {
  it('goes by rank unless the URL says otherwise', () => {
    expect(parseSort(null)).toEqual({ key: 'rank', descending: false });
    expect(parseSort('nonsense').key).toBe('rank');
    expect(ranks('-rank')).toEqual([3, 2, 1]);
    expect(ranks('latencyP50')).toEqual([3, 2, 1]);
  });
  it('keeps undefined metrics below in both directions', () => {
    expect(ranks('-imageAuroc')).toEqual([1, 2, 3]);
    expect(ranks('imageAuroc')).toEqual([2, 1, 3]);
  });
  it('starts with the best on top and turns around', () => {
    const first = nextSort({ key: 'rank', descending: false }, 'aupro30');
    expect(sortText(first)).toBe('-aupro30');
    expect(sortText(nextSort(first, 'aupro30'))).toBe('aupro30');
    expect(sortText(nextSort(first, 'trainSeconds'))).toBe('trainSeconds');
  });
});
