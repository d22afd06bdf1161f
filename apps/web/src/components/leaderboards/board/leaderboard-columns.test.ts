/** @file Tests of the columns that the address asks for. */
import { describe, expect, it } from 'vitest';
import { parseColumns, toggledColumns } from './leaderboard-columns.ts';

const keys = (text: string | null) => parseColumns(text).map((column) => column.key);

describe('columns', () => {
  it('are the usual ones when the address names none, costs among them', () => {
    expect(keys(null)).toEqual(expect.arrayContaining(['imageAuroc', 'latencyP95', 'peakRssMb']));
    expect(keys(null)).not.toContain('aupimo');
  });
  it('keep one order, and unknown names are passed over', () => {
    expect(keys('seed,nonsense,aupimo,method')).toEqual(['method', 'seed', 'aupimo']);
    expect(keys('')).toEqual([]);
  });
  it('can be added and taken away; the usual ones need no address', () => {
    const more = toggledColumns(parseColumns(null), 'aupimo');
    expect(keys(more)).toContain('aupimo');
    expect(toggledColumns(parseColumns(more), 'aupimo')).toBeNull();
  });
});
