/** @file What tables read off curves. */
import { describe, expect, test } from 'vitest';
import { curveValue } from './curve-value.ts';

describe('curveValue', () => {
  // Upright at 0 from 0 to 0.5, then straight to (1, 1).
  const curve = { x: [0, 0, 0.5, 1], y: [0, 0.5, 0.8, 1] };
  test.each([
    [0, 0.5],
    [0.25, 0.65],
    [0.5, 0.8],
    [0.75, 0.9],
    [1, 1],
  ])('at %d is %d', (place, value) => expect(curveValue(curve, place)).toBeCloseTo(value, 12));

  test('outside of its points it is its end', () => {
    const short = { x: [0.2, 0.8], y: [1, 0.4] };
    expect(curveValue(short, 0)).toBe(1);
    expect(curveValue(short, 1)).toBe(0.4);
    expect(curveValue({ x: [], y: [] }, 0.5)).toBe(null);
  });
});
