/** @file The histogram method against the exact one, and the evaluator's choice between them. */
import { type Metrics, UNDEFINED_METRICS } from '@plumbline/contracts';
import { describe, expect, test } from 'vitest';
import { Evaluator, evaluateStream, pixelCurve, type ScoredImage } from '../index.ts';
import { measureRegions } from '../metrics/connected-regions.ts';
import { makeMaps } from '../testing/made-maps.ts';
import { PixelHistogram } from './pixel-histogram.ts';

const side = 48;
const size = { height: side, width: side };
/** What the histogram method promises. */
const WITHIN = 1e-4;

function evaluate(images: readonly ScoredImage[], exactPixelBudget: number) {
  const evaluator = new Evaluator(size, { exactPixelBudget, resamples: 0 });
  for (const image of images) evaluator.add(image);
  return evaluator.evaluate();
}

function expectClose(actual: Metrics, expected: Metrics): void {
  for (const [name, value] of Object.entries(expected)) {
    const other = actual[name as keyof Metrics];
    if (value === null) expect(other).toBeNull();
    else expect(Math.abs((other ?? Number.NaN) - value), name).toBeLessThanOrEqual(WITHIN);
  }
}

const SCALES: [string, (score: number) => number][] = [
  ['around zero, both signs', (score) => score],
  ['positive', (score) => score + 9],
  ['far from zero and narrow', (score) => 1000 + score / 100],
  ['log-normal over many octaves', (score) => Math.exp(4 * score)],
  ['tiny', (score) => 1e-30 * (score + 20)],
  ['huge and negative', (score) => -1e30 * (20 - score)],
  ['cut off at zero: most pixels are equal', (score) => Math.max(0, score - 0.5)],
  ['saturated: many of the highest are equal', (score) => Math.min(1.5, score)],
  ['16 levels', (score) => Math.round(score * 2) / 2],
];

describe('within 1e-4 of exact', () => {
  test.each(SCALES)('%s', (_, transform) => {
    const images = makeMaps({ side, normal: 16, anomalous: 16, transform });
    const exact = evaluate(images, Number.POSITIVE_INFINITY);
    const binned = evaluate(images, 0);
    expect(exact.pixelMethod).toBe('exact');
    expect(binned.pixelMethod).toBe('histogram');
    expect(exact.mean.pixelAp).toBeGreaterThan(0.05);
    expectClose(binned.mean, exact.mean);
  });

  test('one outlier far away, met last', () => {
    const images = makeMaps({ side, normal: 20, anomalous: 20, transform: (score) => score + 9 });
    images[0]?.anomalyMap.fill(3e38, 5, 6);
    const turned = [...images].reverse();
    expectClose(evaluate(turned, 0).mean, evaluate(turned, Number.POSITIVE_INFINITY).mean);
  });
});

test('moving the window loses no pixel, and a bin never parts equal scores', () => {
  const histogram = new PixelHistogram();
  const one = { height: 1, width: 4 };
  const maps = [
    Float32Array.of(1, 1, 1, 2),
    Float32Array.of(-1e20, 1, 0, -0),
    Float32Array.of(1e-40, 3e38, -3e38, 1),
  ];
  const mask = Uint8Array.of(0, 1, 0, 0);
  for (const map of maps) histogram.add(map, measureRegions(mask, 1, 4));
  const curve = histogram.curve();
  const exact = pixelCurve(maps, [mask, mask, mask], one);
  expect([curve.positives, curve.negatives]).toEqual([3, 9]);
  expect([...curve.truePositives]).toEqual([...exact.truePositives]);
  expect([...curve.falsePositives]).toEqual([...exact.falsePositives]);
  expect([...(curve.regionOverlap ?? [])]).toEqual([...(exact.regionOverlap ?? [])]);
});

test('the highest F1 is reached at a score of the histogram with >=', () => {
  const images = makeMaps({ side, normal: 5, anomalous: 5 });
  const histogram = new PixelHistogram();
  for (const { anomalyMap, mask } of images) {
    histogram.add(anomalyMap, mask === null ? null : measureRegions(mask, side, side));
  }
  const { thresholds, truePositives } = histogram.curve();
  const middle = Math.floor(thresholds.length / 2);
  const threshold = thresholds[middle] ?? Number.NaN;
  const hits = images.reduce(
    (sum, { anomalyMap, mask }) =>
      sum + anomalyMap.filter((score, i) => mask?.[i] === 1 && score >= threshold).length,
    0,
  );
  expect(hits).toBe(truePositives[middle]);
});

describe('the choice of method', () => {
  test('is by category; the result says histogram as soon as one needs it', () => {
    const few = makeMaps({ side, normal: 1, anomalous: 1, category: 'few' });
    const many = makeMaps({ side, normal: 3, anomalous: 3, category: 'many' });
    const budget = 2 * side * side;
    expect(evaluate(few, budget).pixelMethod).toBe('exact');
    const both = evaluate([...few, ...many], budget);
    expect(both.pixelMethod).toBe('histogram');
    expect(both.categories['few']).toEqual(evaluate(few, budget).categories['few']);
  });

  test('masks that come after the budget is used up are counted too', () => {
    const images = makeMaps({ side, normal: 4, anomalous: 4 }); // the normal ones come first
    expectClose(evaluate(images, side * side).mean, evaluate(images, 1e9).mean);
    const unmasked = images.map((image) => ({ ...image, mask: null }));
    const { mean } = evaluate(unmasked, 0);
    const { imageAuroc, imageAp, imageF1Max } = mean;
    expect(mean).toEqual({ ...UNDEFINED_METRICS, imageAuroc, imageAp, imageF1Max });
  });

  test('intervals of the histogram method are close to those of the exact one', () => {
    const images = makeMaps({ side, normal: 20, anomalous: 20 });
    const intervalsWith = (exactPixelBudget: number) => {
      const evaluator = new Evaluator(size, { exactPixelBudget, resamples: 300 });
      for (const image of images) evaluator.add(image);
      return evaluator.evaluate().intervals.mean;
    };
    const exact = intervalsWith(1e9);
    const binned = intervalsWith(25 * side * side); // laid with the normal and some anomalous images
    for (const metric of ['pixelAuroc', 'pixelAp', 'pixelF1Max', 'aupro30'] as const) {
      const [a, b] = [exact[metric], binned[metric]];
      const width = (a?.high ?? 0) - (a?.low ?? 0);
      expect(width).toBeGreaterThan(0.001);
      expect(Math.abs((a?.low ?? 0) - (b?.low ?? 1)) / width, metric).toBeLessThan(0.2);
      expect(Math.abs((a?.high ?? 0) - (b?.high ?? 1)) / width, metric).toBeLessThan(0.2);
    }
  });
});

describe('a stream', () => {
  const images = ['a', 'b'].flatMap((category) =>
    makeMaps({ side, normal: 2, anomalous: 2, category }),
  );

  test('gives what the evaluator gives, from any iterable', async () => {
    const evaluator = new Evaluator(size, { resamples: 50 });
    for (const image of images) evaluator.add(image);
    const expected = evaluator.evaluate();
    async function* later() {
      for (const image of images) yield await Promise.resolve(image);
    }
    expect(await evaluateStream(later(), size, { resamples: 50 })).toEqual(expected);
    expect(await evaluateStream(images, size, { resamples: 50 })).toEqual(expected);
  });

  test('refuses a category that comes back', async () => {
    const [first, ...rest] = images;
    const mixed = [...rest, ...(first ? [first] : [])];
    await expect(evaluateStream(mixed, size)).rejects.toThrow(/came after its category a/);
  });
});
