import type { Prediction } from '@plumbline/contracts';
import { expect, test } from 'vitest';
import { describePrediction } from './describe-prediction.ts';

const found: Prediction = {
  inspection: '1d1f2f60-5f4e-4b7e-9d53-2f6f0f3a7a11',
  model: 'parts',
  modelVersion: 2,
  category: 'bolt',
  categorySource: 'found',
  categoryConfidence: 0.97,
  categoryUncertain: false,
  unfamiliar: false,
  categoryCandidates: [
    { category: 'bolt', confidence: 0.97 },
    { category: 'nut', confidence: 0.03 },
  ],
  imageScore: 2,
  threshold: 1,
  scoreRatio: 2,
  predictedLabel: 'anomalous',
  thresholdProfile: 1,
  uncertainThreshold: null,
  uncertain: false,
  falseAlarmRate: 0,
  heldOutImages: 20,
  width: 32,
  height: 32,
  regions: null,
  heatmap: null,
  mask: null,
  heatmapScale: { low: 0.75, high: 2, threshold: 1 },
  ignored: [],
  latencyMs: 80,
};

test('a category that was found is named with its votes', () => {
  expect(describePrediction(found)).toBe(
    [
      'anomalous: 2.00 × the threshold, image score 2.0000, threshold 1.0000',
      'Category: bolt, found from the image (97 % of the votes).',
      'None of 20 held-out normal images score at least as high.',
      'parts version 2, 80 ms',
    ].join('\n'),
  );
});

test('the only category of a model is not called found', () => {
  const only = { ...found, categoryConfidence: null, categoryCandidates: [] };
  expect(describePrediction(only)).toContain('Category: bolt, the only one that the model knows');
});

test('when it is not sure, the candidates are named and how to settle it', () => {
  const candidates = [
    { category: 'bolt', confidence: 0.6 },
    { category: 'nut', confidence: 0.4 },
  ];
  const text = describePrediction({
    ...found,
    categoryUncertain: true,
    categoryConfidence: 0.6,
    categoryCandidates: candidates,
  });
  expect(text).toContain(
    'Category: probably bolt, but not sure: bolt (60 %) or nut (40 %). Name it with --category.',
  );
});

test('one that was given and the pooled threshold say so', () => {
  const given = { ...found, categorySource: 'given', categoryConfidence: null } as const;
  expect(describePrediction(given)).toContain('Category: bolt, as you named it.');
  expect(describePrediction({ ...given, category: null })).toContain(
    'Category: none; one threshold for all.',
  );
});

test('says that an image looks like nothing the model was trained on', () => {
  expect(describePrediction({ ...found, unfamiliar: true })).toContain('Unfamiliar: the image');
  expect(describePrediction({ ...found, unfamiliar: null })).not.toContain('Unfamiliar');
});

test('of one held-out image no share is told', () => {
  const one = describePrediction({ ...found, heldOutImages: 1, falseAlarmRate: 1 });
  expect(one).toContain(
    'The one held-out normal image scores at least as high; that is too few to say much.',
  );
  expect(one).not.toContain('100');
});

test('a category that nothing was held out of is told apart', () => {
  const text = describePrediction({ ...found, heldOutImages: 0, falseAlarmRate: null });
  expect(text).toContain('No normal images of bolt were held out');
});

test('says where, the strongest first, and how many more there are', () => {
  const region = (x: number) => ({
    ...{ box: { x, y: 20, width: 30, height: 40 }, area: 900, peak: { x, y: 21 }, score: 1.5 },
  });
  const lines = (count: number) =>
    describePrediction({ ...found, regions: Array.from({ length: count }, (_, i) => region(i)) })
      .split('\n')
      .filter((line) => /region|×.* at/i.test(line));
  expect(lines(1)).toContain('1 region at or above the pixel threshold: 30×40 at (0, 20).');
  expect(lines(5)).toContain(
    '5 regions at or above the pixel threshold: 30×40 at (0, 20), 30×40 at (1, 20), 30×40 at (2, 20) and 2 more.',
  );
  expect(lines(0)).toContain('No region reaches the pixel threshold.');
});
