/** @file How far a repeated version is from the first one. */
import { expect, test } from 'vitest';
import { largestDifference } from './reproduction.ts';

const difference = (before: number | null, after: number | null) => ({
  category: null,
  metric: 'imageAuroc' as const,
  before,
  after,
});

test('undefined is no number: it counts neither as 0 nor as −1', () => {
  expect(largestDifference([])).toBe(0);
  expect(largestDifference([difference(0.9, 0.8), difference(null, 0.7)])).toBeCloseTo(0.1, 12);
  expect(largestDifference([difference(0.7, null)])).toBeNull();
});
