/** @file The metrics equal scikit-learn's and an exact numpy AUPRO on the reference fixtures. */
import { describe, expect, test } from 'vitest';
import { areaUnderRoc, aupro, averagePrecision, connectedRegions, f1Max } from '../index.ts';
import { FIXTURE_NAMES, readMetricFixture } from '../testing/metric-fixture.ts';

const EXACT = 1e-9;
const AUPRO = 1e-6;

function expectWithin(
  actual: number | null | undefined,
  expected: number,
  tolerance: number,
): void {
  expect(actual).not.toBeNull();
  expect(Math.abs(Number(actual) - expected)).toBeLessThanOrEqual(tolerance);
}

test('there are five reference fixtures', () => {
  expect(FIXTURE_NAMES).toHaveLength(5);
});

describe.each(FIXTURE_NAMES)('%s', (name) => {
  const { height, width, imageScores, imageLabels, maps, masks, expected } =
    readMetricFixture(name);

  test('image AUROC, AP and F1-max', () => {
    expectWithin(areaUnderRoc(imageScores, imageLabels), expected.image_auroc, EXACT);
    expectWithin(averagePrecision(imageScores, imageLabels), expected.image_ap, EXACT);
    const best = f1Max(imageScores, imageLabels);
    expectWithin(best?.value, expected.image_f1max, EXACT);
    expectWithin(best?.threshold, expected.image_f1max_threshold, EXACT);
  });

  test('image metrics of the same scores as float64', () => {
    const scores = Float64Array.from(imageScores);
    expectWithin(areaUnderRoc(scores, imageLabels), expected.image_auroc, EXACT);
    expectWithin(averagePrecision(scores, imageLabels), expected.image_ap, EXACT);
    expectWithin(f1Max(scores, imageLabels)?.value, expected.image_f1max, EXACT);
  });

  test('pixel AUROC, AP and F1-max', () => {
    const scores = Float32Array.from(maps.flatMap((map) => [...map]));
    const labels = Uint8Array.from(masks.flatMap((mask) => [...mask]));
    expectWithin(areaUnderRoc(scores, labels), expected.pixel_auroc, EXACT);
    expectWithin(averagePrecision(scores, labels), expected.pixel_ap, EXACT);
    const best = f1Max(scores, labels);
    expectWithin(best?.value, expected.pixel_f1max, EXACT);
    expectWithin(best?.threshold, expected.pixel_f1max_threshold, EXACT);
  });

  test('AUPRO at 0.30 and 0.05', () => {
    expectWithin(aupro(maps, masks, { height, width, limit: 0.3 }), expected['aupro_0.3'], AUPRO);
    expectWithin(aupro(maps, masks, { height, width, limit: 0.05 }), expected['aupro_0.05'], AUPRO);
  });

  test('number of regions', () => {
    const counts = masks.map((mask) => connectedRegions(mask, height, width).count);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(expected.regions);
  });
});
