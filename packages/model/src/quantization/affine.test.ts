import { expect, it } from 'vitest';
import { affineRange, quantizeBias, quantizeWeights } from './affine.ts';

it('stores 0 exactly, in the middle of a range or at its end', () => {
  // 255 steps from −1 to 4: 51 of them below 0.
  expect(affineRange(-1, 4)).toEqual({ scale: Math.fround(5 / 255), zero: 51 });
  expect(affineRange(0, 51)).toEqual({ scale: Math.fround(0.2), zero: 0 });
  expect(affineRange(1, 51)).toEqual(affineRange(0, 51));
  expect(affineRange(-51, -1)).toEqual({ scale: Math.fround(0.2), zero: 255 });
  expect(affineRange(0, 0)).toEqual({ scale: 1, zero: 0 });
});

it('scales each channel by its largest weight, to 64 at most', () => {
  const { values, scales } = quantizeWeights(Float32Array.of(0.5, -1, 2, -32, 8, 0), 2);
  expect([...scales]).toEqual([2 / 64, 0.5]);
  expect([...values]).toEqual([16, -32, 64, -64, 16, 0]);
});

it('rounds halves to even, and a channel of zeros to zeros', () => {
  expect([...quantizeWeights(Float32Array.of(64, 2.5, 3.5, -2.5), 1).values]).toEqual([
    64, 2, 4, -2,
  ]);
  expect([...quantizeWeights(new Float32Array(3), 1).values]).toEqual([0, 0, 0]);
});

it('never sums two products beyond 16 bits', () => {
  const { values } = quantizeWeights(Float32Array.of(-3, 3, 2.999, -2.999), 1);
  expect(2 * 255 * Math.max(...values.map(Math.abs))).toBeLessThan(2 ** 15);
});

it('adds the bias in units of input times weight', () => {
  expect([...quantizeBias(Float32Array.of(1, -0.25), 0.5, Float32Array.of(0.25, 0.5))]).toEqual([
    8, -1,
  ]);
});
