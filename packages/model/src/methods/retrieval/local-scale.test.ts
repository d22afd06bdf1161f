/** @file Scales of stored patches by the formula, at borders, and where nothing could be measured. */
import { halfToFloat } from '@plumbline/contracts';
import { expect, it } from 'vitest';
import { EXCLUDED } from './compare.ts';
import { localScales } from './local-scale.ts';

const LEVEL = { grid: 2, share: 0.5, variance: 1 };
const numbers = (...given: Parameters<typeof localScales>) =>
  Array.from(localScales(...given).scales.halves, halfToFloat);

it('divides by the mean of what is usual and what is usual around the patch', () => {
  // On a grid of two by two every patch is around every other.
  const distances = Float32Array.of(1, 3, 1, 3, 4, 4, 4, 4);
  const { usual, scales } = localScales(distances, LEVEL);
  expect(usual).toBe(3);
  expect(scales.shape).toEqual([2, 1, 4]);
  const [first, second] = [3 / (1.5 + 1), 3 / (1.5 + 2)];
  const found = numbers(distances, LEVEL);
  for (const [i, value] of [first, first, first, first, second, second].entries())
    expect(found[i]).toBeCloseTo(value, 3);
});

it('takes the patches that there are at borders', () => {
  const distances = Float32Array.from({ length: 9 }, (_, p) => p);
  const found = numbers(distances, { ...LEVEL, grid: 3 });
  expect(found[0]).toBeCloseTo(4 / (2 + 0.5 * 2), 3);
  expect(found[4]).toBeCloseTo(1, 3);
  expect(found[8]).toBeCloseTo(4 / (2 + 0.5 * 6), 3);
});

it('does not take an odd image for what is usual', () => {
  const distances = Float32Array.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 90, 90, 90, 90);
  const found = numbers(distances, { ...LEVEL, usual: 1 });
  expect(found[0]).toBeCloseTo(1, 3);
  expect(found[12]).toBeCloseTo(1 / (0.5 + 1.5), 3);
});

it('leaves patches of an image without others as they are, and is finite where all are alike', () => {
  const alone = Float32Array.of(EXCLUDED, EXCLUDED, EXCLUDED, EXCLUDED, 1, 1, 1, 1);
  expect(localScales(alone, LEVEL).usual).toBe(1);
  expect(numbers(alone, LEVEL)).toEqual(Array(8).fill(1));
  expect(localScales(new Float32Array(4), LEVEL).usual).toBeGreaterThan(0);
  expect(numbers(new Float32Array(4), LEVEL)).toEqual(Array(4).fill(2));
});

it('goes on in the unit of the first images', () => {
  const [first] = numbers(Float32Array.of(4, 4, 4, 4), { ...LEVEL, usual: 2 });
  expect(first).toBeCloseTo(2 / 3, 3);
});
