/** @file Tests of the axis of a threshold panel. */
import { describe, expect, it } from 'vitest';
import { binCounts, placeOf, scoreScale, valueAt } from './score-scale.ts';

const scores = { category: 'nut', heldOut: [2, 3], testNormal: [1], testAnomalous: [5] };

describe('scoreScale', () => {
  it('holds all scores and cuts, with a margin of a twentieth', () => {
    expect(scoreScale(scores, [6])).toEqual({ low: 0.75, high: 6.25 });
  });
  it('is not empty when all scores are equal', () => {
    const scale = scoreScale({ ...scores, heldOut: [2], testNormal: [], testAnomalous: [] }, [2]);
    expect(scale.high).toBeGreaterThan(scale.low);
  });
});

describe('places and values', () => {
  it('are inverse within the scale and clamped outside', () => {
    const scale = { low: -1, high: 3 };
    expect(placeOf(1, scale)).toBe(0.5);
    expect(valueAt(0.5, scale)).toBe(1);
    expect(placeOf(9, scale)).toBe(1);
    expect(valueAt(-0.2, scale)).toBe(-1);
  });
});

describe('binCounts', () => {
  it('counts every score once, the highest included', () => {
    expect(binCounts([0, 0.4, 1, 2], { low: 0, high: 2 }, 4)).toEqual([2, 0, 1, 1]);
  });
});
