import { expect, test } from 'vitest';
import { floatToHalf, halfToFloat, toHalves } from './half-precision.ts';

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

test('many numbers are rounded as each of them is', () => {
  const words = new Uint32Array(200_000);
  // Every half and what lies just beside it and beside the middle to the next one; then bits from everywhere.
  for (let i = 0; i < words.length; i++) words[i] = Math.imul(i + 1, 0x9e3779b1);
  const near = Array.from({ length: 0x10000 }, (_, half) => halfToFloat(half)).flatMap((value) => [
    value,
    value * (1 + 2 ** -23),
    value * (1 + 2 ** -11),
    value * (1 + 2 ** -11 + 2 ** -23),
    value + 2 ** -25,
  ]);
  const values = Float32Array.from([...near, ...new Float32Array(words.buffer)]);
  const halves = toHalves(values);
  const wrong = [...values.keys()].filter((i) => halves[i] !== floatToHalf(values[i]!));
  expect(wrong.map((i) => values[i])).toEqual([]);
});
