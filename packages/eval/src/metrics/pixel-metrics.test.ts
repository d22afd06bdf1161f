/** @file AUPRO at its limits, against areas added up by hand, with pixels ranked exactly and in a histogram. */
import { describe, expect, test } from 'vitest';
import { Evaluator } from '../index.ts';

const PIXELS = 204;
const size = { height: 1, width: PIXELS };

/**
 * One region of 4 pixels among 200 normal ones, of which 2 score above 0. Going down the scores, the curve (false
 * positive rate, overlap) is: 10 → (0, 1/4); 9.5 → (0.005, 1/4); 9 → (0.005, 2/4); 7 → (0.01, 2/4); 5 → (0.01, 3/4);
 * 1 → (0.01, 1); 0 → (1, 1).
 */
function evaluate(exactPixelBudget: number) {
  const anomalyMap = new Float32Array(PIXELS);
  anomalyMap.set([10, 9, 5, 1], 20);
  anomalyMap[0] = 9.5;
  anomalyMap[100] = 7;
  const mask = new Uint8Array(PIXELS).fill(1, 20, 24);
  const evaluator = new Evaluator(size, { exactPixelBudget, resamples: 20 });
  evaluator.add({
    path: 'a',
    category: 'nut',
    label: 'anomalous',
    imageScore: 1,
    anomalyMap,
    mask,
  });
  return evaluator.evaluate();
}

describe.each([
  ['exact', Number.POSITIVE_INFINITY],
  ['histogram', 0],
] as const)('%s', (method, budget) => {
  const { mean, pixelMethod, intervals, definedOver } = evaluate(budget);

  test('AUPRO@0.01 is half of the way at 1/4 and half at 2/4', () => {
    expect(pixelMethod).toBe(method);
    expect(mean.aupro01).toBeCloseTo((0.005 * 0.25 + 0.005 * 0.5) / 0.01, 12);
  });

  test('beyond 0.01 everything is found', () => {
    const area = 0.005 * 0.25 + 0.005 * 0.5;
    expect(mean.aupro05).toBeCloseTo((area + 0.04) / 0.05, 12);
    expect(mean.aupro30).toBeCloseTo((area + 0.29) / 0.3, 12);
  });

  test('has an interval with a width, though there is but one image to leave out', () => {
    expect(definedOver.aupro01).toBe(1);
    expect(intervals.mean.aupro01?.low).toBeLessThan(mean.aupro01 ?? Number.NaN);
    expect(intervals.mean.aupro01?.high).toBeGreaterThan(mean.aupro01 ?? Number.NaN);
  });
});
