import { expect, test } from 'vitest';
import { floatToHalf, halfToFloat } from './half-precision.ts';

test('every half is kept', () => {
  for (let half = 0; half < 0x10000; half++) {
    const value = halfToFloat(half);
    if (!Number.isNaN(value)) expect(floatToHalf(value)).toBe(half);
  }
});

test('numbers are rounded to the nearest half, ties to even', () => {
  expect(halfToFloat(floatToHalf(1 + 1 / 2048))).toBe(1);
  expect(halfToFloat(floatToHalf(1 + 3 / 2048))).toBe(1 + 2 / 1024);
  expect(halfToFloat(floatToHalf(2 - 1e-9))).toBe(2);
  expect(halfToFloat(floatToHalf(1e-9))).toBe(0);
  expect(halfToFloat(floatToHalf(-70000))).toBe(Number.NEGATIVE_INFINITY);
  expect(halfToFloat(floatToHalf(Number.NaN))).toBeNaN();
});
