import { expect, test } from 'vitest';
import { confidenceOf } from './detect-anomalies.ts';

test('confidence is a half at the threshold and grows away from it on both sides', () => {
  expect(confidenceOf(1, true)).toBe(0.5);
  expect(confidenceOf(1, false)).toBe(0.5);
  expect(confidenceOf(2, true)).toBe(0.75);
  expect(confidenceOf(0.5, false)).toBe(0.75);
  expect(confidenceOf(0, false)).toBe(1);
  expect(confidenceOf(null, true)).toBe(0.5);
});
