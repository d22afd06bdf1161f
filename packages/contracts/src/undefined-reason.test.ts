/** @file Why a metric is undefined, and over how many categories a mean is. */
import { expect, test } from 'vitest';
import { definedOver, UNDEFINED_METRICS, undefinedReason } from './index.ts';

test('a mean says over how many categories it is', () => {
  const categories = {
    a: { ...UNDEFINED_METRICS, imageAuroc: 0.5 },
    b: { ...UNDEFINED_METRICS, imageAuroc: 0.5, pixelAp: 0.1 },
  };
  const metrics = ['imageAuroc', 'pixelAp', 'aupro30'] as const;
  expect(metrics.map((metric) => definedOver(categories, metric))).toEqual([2, 1, 0]);
});

test('the reason names what the test split lacks', () => {
  expect(undefinedReason('pixelAp', { normal: 3, anomalous: 0 })).toBe('no anomalous test image');
  expect(undefinedReason('imageAp', { normal: 0, anomalous: 3 })).toBe('no normal test image');
  expect(undefinedReason('aupro30', { normal: 3, anomalous: 3 })).toBe('no masks');
});
