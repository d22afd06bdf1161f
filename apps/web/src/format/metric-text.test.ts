/** @file A number, an undefined one with its reason, and one that an older version did not compute. */
import { ALL_METRIC_NAMES, byMetric, CORE_METRIC_NAMES } from '@plumbline/contracts';
import { expect, test } from 'vitest';
import { metricText } from './metric-text.ts';

test('a number is percent', () => {
  expect(metricText('imageAuroc', 0.9876)).toEqual({ text: '98.8', title: null });
});

test('what is undefined gives the reasons that the evaluator stored, or all that can be', () => {
  const undefinedCodes = {
    categories: { a: { pixelAp: 'no-mask' }, b: { pixelAp: 'no-mask' } },
    pooled: {},
  } as const;
  const definedOver = byMetric(ALL_METRIC_NAMES, () => 0);
  const result = { evaluation: { definedOver, undefinedCodes } };
  expect(metricText('pixelAp', null, result).title).toBe('Undefined: no masks.');
  expect(metricText('imageAp', null)).toEqual({
    text: 'undefined',
    title: 'Undefined: no anomalous test image, or no normal test image.',
  });
});

test('what an older version did not compute is a dash', () => {
  const result = { evaluation: { definedOver: byMetric(CORE_METRIC_NAMES, () => 1) } };
  expect(metricText('aupimo', null, result)).toEqual({
    text: '–',
    title: 'Undefined: not computed by the version that made this result.',
  });
  expect(metricText('aupimo', null, {}).text).toBe('–'); // a bundle of 0.1
});
