/** @file The method of an interval in words, and that intervals of before methods were stored are still read. */
import { expect, test } from 'vitest';
import { intervalMethodWords, intervalNote, intervalsSchema, intervalWords } from './index.ts';

const stored = { confidence: 0.95, resamples: 1000, seed: 3, mean: {}, categories: {} };

test('intervals stored without a method are percentiles, and it is said that they are too narrow', () => {
  const intervals = intervalsSchema.parse(stored);
  expect(intervalMethodWords(intervals)).toBe('95 % percentile intervals');
  expect(intervalWords(intervals)).toContain(
    '1000 bootstrap resamples of the test images (seed 3)',
  );
  expect(intervalWords(intervals)).toContain('too narrow where scores are good');
});

test('score intervals name themselves', () => {
  const intervals = intervalsSchema.parse({ ...stored, method: 'score' });
  expect(intervalMethodWords(intervals)).toBe('95 % score intervals');
  expect(intervalWords(intervals)).toContain('DeLong');
  expect(intervalWords(intervals)).not.toContain('too narrow');
  expect(intervalWords(intervals)).toContain('the others by 1000 bootstrap resamples');
  const newer = intervalsSchema.parse({ ...intervals, pixelVariance: 'jackknife' });
  expect(intervalWords(newer)).toContain('pixel metrics by leaving out each image in turn');
  expect(intervalWords(newer)).toMatch(/pixel metrics are too high on average; .* allow for it\.$/);
  const note = intervalNote('imageF1Max') ?? 'none';
  expect(note).toMatch(/too high on average/);
  expect(intervalWords(intervals)).toContain(note);
  expect(intervalNote('imageAuroc')).toBeNull();
  expect(intervalsSchema.safeParse({ ...stored, method: 'guess' }).success).toBe(false);
});
