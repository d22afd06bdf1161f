/** @file Why a metric is undefined, as stored and for results from before reasons were; and over how many categories a mean is. */
import { expect, test } from 'vitest';
import {
  ALL_METRIC_NAMES,
  byMetric,
  CORE_METRIC_NAMES,
  definedOver,
  isComputed,
  UNDEFINED_METRICS,
  undefinedMeanReason,
  undefinedReason,
} from '../index.ts';

const category = 'nut';
const counts = (normal: number, anomalous: number) => ({ category, normal, anomalous });

test('a mean says over how many categories it is', () => {
  const categories = {
    a: { ...UNDEFINED_METRICS, imageAuroc: 0.5 },
    b: { ...UNDEFINED_METRICS, imageAuroc: 0.5, pixelAp: 0.1 },
  };
  const metrics = ['imageAuroc', 'pixelAp', 'aupro30'] as const;
  expect(metrics.map((metric) => definedOver(categories, metric))).toEqual([2, 1, 0]);
});

test('the reason is the stored one, whatever the images are', () => {
  const codes = { aupro30: 'no-anomalous-pixel' } as const;
  const undefinedCodes = { categories: { nut: codes }, pooled: {} };
  const result = {
    evaluation: { definedOver: byMetric(ALL_METRIC_NAMES, () => 0), undefinedCodes },
  };
  expect(undefinedReason(result, 'aupro30', counts(3, 0))).toBe('no anomalous pixel in the masks');
  expect(undefinedMeanReason('aupro30', result)).toBe('no anomalous pixel in the masks');
});

test('a result without reasons is explained by its test images', () => {
  const result = { evaluation: { definedOver: byMetric(ALL_METRIC_NAMES, () => 0) } };
  expect(undefinedReason(result, 'pixelAp', counts(3, 0))).toBe('no anomalous test image');
  expect(undefinedReason(result, 'imageAp', counts(0, 3))).toBe('no normal test image');
  expect(undefinedReason(result, 'aupro30', counts(3, 3))).toBe('no masks');
});

test('what an older version did not compute is not called undefined for its images', () => {
  const words = 'not computed by the version that made this result';
  const ofCore = { evaluation: { definedOver: byMetric(CORE_METRIC_NAMES, () => 0) } };
  for (const result of [{}, ofCore]) {
    expect(isComputed(result, 'imageAuroc')).toBe(true);
    expect(isComputed(result, 'aupimo')).toBe(false);
    expect(undefinedReason(result, 'aupimo', counts(0, 0))).toBe(words);
    expect(undefinedMeanReason('aupimo', result)).toBe(words);
  }
});

test('where no result says why a mean is undefined, all that can be the reason is named', () => {
  expect(undefinedMeanReason('imageAp')).toBe('no anomalous test image, or no normal test image');
});
