import { expect, test } from 'vitest';
import { weightsFromMeans } from './level-weights.ts';

test('levels count inversely as their mean score on normal images, 1 on average', () => {
  const weights = weightsFromMeans([0.2, 0.05], 'heldOut');
  expect(weights[0]).toBeCloseTo(0.4);
  expect(weights[1]).toBeCloseTo(1.6);
});

test('or as its square root', () => {
  const weights = weightsFromMeans([0.2, 0.05], 'heldOutRoot');
  expect(weights[0]).toBeCloseTo(2 / 3);
  expect(weights[1]).toBeCloseTo(4 / 3);
});

test('equal means give equal weights', () => {
  expect(weightsFromMeans([0.1, 0.1, 0.1], 'heldOut')).toEqual([1, 1, 1]);
});

test('a level without any error does not switch the others off', () => {
  const [rest, perfect] = weightsFromMeans([1, 0], 'heldOut');
  expect(perfect).toBeLessThan(2);
  expect(rest).toBeGreaterThan(0);
});

test('levels without any error count alike', () => {
  expect(weightsFromMeans([0, 0], 'heldOutRoot')).toEqual([1, 1]);
});
