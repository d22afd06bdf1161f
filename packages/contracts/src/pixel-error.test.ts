/** @file What is said of pixel metrics from histograms: nothing with exact ranking, the bound of the mean, and what is too coarse. */
import { expect, test } from 'vitest';
import { UNDEFINED_METRICS } from './metrics/metric-values.ts';
import { meanPixelError, pixelErrorNotes } from './pixel-error.ts';

const metrics = { ...UNDEFINED_METRICS, pixelAuroc: 0.9, aupimo: 0.4 };
const categories = { bolt: metrics, nut: metrics };

test('exact ranking needs no words', () => {
  expect(pixelErrorNotes({ categories, evaluation: { pixelMethod: 'exact' } })).toEqual([]);
  expect(pixelErrorNotes({ categories })).toEqual([]);
});

test('a category that was ranked exactly adds nothing to the bound of the mean', () => {
  const evaluation = {
    pixelMethod: 'histogram' as const,
    pixelErrorBounds: { nut: { pixelAuroc: 4e-6, aupimo: 2e-7 } },
  };
  expect(meanPixelError({ categories, evaluation }, 'pixelAuroc')).toBe(2e-6);
  expect(meanPixelError({ categories, evaluation }, 'imageAuroc')).toBeNull();
  expect(pixelErrorNotes({ categories, evaluation })).toEqual([
    'Pixel metrics of nut come from a histogram, since only up to 16,777,216 pixels of a category are ranked exactly. The means are within 2.0e-6 of the exact value.',
  ]);
});

test('what is too coarse is named with its bound and how to fix it, and is in no mean', () => {
  const coarse = { ...metrics, aupimo: null };
  const evaluation = {
    pixelMethod: 'histogram' as const,
    pixelErrorBounds: { nut: { pixelAuroc: 0, aupimo: 0.0012 } },
  };
  const result = { categories: { bolt: metrics, nut: coarse }, evaluation };
  expect(meanPixelError(result, 'aupimo')).toBe(0);
  expect(pixelErrorNotes(result)).toEqual([
    expect.stringContaining('The means are within 0 of the exact value'),
    expect.stringMatching(
      /^Undefined for nut, .*: AUPIMO \(within 1\.2e-3\)\. How to fix it: use a smaller image size/,
    ),
  ]);
});

test('results that stored no bounds say so', () => {
  const [note] = pixelErrorNotes({ categories, evaluation: { pixelMethod: 'histogram' } });
  expect(note).toMatch(/does not say how near they are .* How to fix it: evaluate it again/);
});
