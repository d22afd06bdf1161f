/** @file The evaluator: per category, means, what is left out, what is refused. */
import {
  ALL_METRIC_NAMES,
  byMetric,
  DomainError,
  metricsSchema,
  UNDEFINED_METRICS,
} from '@plumbline/contracts';
import { describe, expect, test } from 'vitest';
import { Evaluator, type ScoredImage } from '../index.ts';
import { readMetricFixture } from '../testing/metric-fixture.ts';

const size = { height: 2, width: 3 };

function image(path: string, changes: Partial<ScoredImage> = {}): ScoredImage {
  return {
    path,
    category: 'bottle',
    label: 'normal',
    imageScore: 0.1,
    anomalyMap: Float32Array.of(0, 0.1, 0.2, 0, 0, 0.1),
    mask: null,
    ...changes,
  };
}

function anomalous(path: string, changes: Partial<ScoredImage> = {}): ScoredImage {
  return image(path, {
    label: 'anomalous',
    imageScore: 0.9,
    anomalyMap: Float32Array.of(0.9, 0.1, 0, 0, 0, 0),
    mask: Uint8Array.of(1, 0, 0, 0, 0, 0),
    ...changes,
  });
}

function evaluate(images: readonly ScoredImage[]) {
  const evaluator = new Evaluator(size);
  for (const each of images) evaluator.add(each);
  return evaluator.evaluate();
}

/** Of maps of a few pixels, which are too few for AUPIMO. */
const PERFECT = { ...byMetric(ALL_METRIC_NAMES, () => 1), aupimo: null };

function fixtureImages(name: string): ScoredImage[] {
  const { maps, masks, imageScores, imageLabels } = readMetricFixture(name);
  return maps.map((anomalyMap, index) => ({
    path: `${name}/${index}.png`,
    category: name,
    label: imageLabels[index] === 1 ? 'anomalous' : 'normal',
    imageScore: Number(imageScores[index]),
    anomalyMap,
    mask: imageLabels[index] === 1 ? (masks[index] ?? null) : null,
  }));
}

test('gives the reference metrics, per category and in the mean, in any order of images', () => {
  const images = [...fixtureImages('smooth'), ...fixtureImages('ties')];
  const run = (ordered: readonly ScoredImage[]) => {
    const evaluator = new Evaluator({ height: 64, width: 64 });
    for (const each of ordered) evaluator.add(each);
    return evaluator.evaluate();
  };
  const { mean, categories, definedOver } = run(images);
  const [smooth, ties] = [readMetricFixture('smooth').expected, readMetricFixture('ties').expected];
  expect(categories['smooth']?.imageAuroc).toBeCloseTo(smooth.image_auroc, 9);
  expect(categories['smooth']?.pixelAp).toBeCloseTo(smooth.pixel_ap, 9);
  expect(categories['ties']?.aupro30).toBeCloseTo(ties['aupro_0.3'], 6);
  expect(mean.aupro30).toBeCloseTo((smooth['aupro_0.3'] + ties['aupro_0.3']) / 2, 6);
  expect(definedOver.pixelAuroc).toBe(2);
  expect(metricsSchema.safeParse(mean).success).toBe(true);
  const reversed = run([...images].reverse());
  for (const [metric, value] of Object.entries(reversed.mean)) {
    expect(value).toBeCloseTo(Number(mean[metric as keyof typeof mean]), 12);
  }
});

test('a perfect category is 1 in all metrics, and images are kept without their maps', () => {
  const { mean, categories, images } = evaluate([image('a'), anomalous('b')]);
  expect(mean).toEqual(PERFECT);
  expect(categories).toEqual({ bottle: PERFECT });
  expect(images).toEqual([
    { path: 'a', category: 'bottle', label: 'normal', imageScore: 0.1 },
    { path: 'b', category: 'bottle', label: 'anomalous', imageScore: 0.9 },
  ]);
});

describe('undefined', () => {
  test('no images: every metric, over no category', () => {
    const { mean, categories, definedOver } = evaluate([]);
    expect(mean).toEqual(UNDEFINED_METRICS);
    expect(categories).toEqual({});
    expect(Object.values(definedOver)).toEqual(ALL_METRIC_NAMES.map(() => 0));
  });

  test('a category without anomalous images is left out of the mean', () => {
    const images = [image('a'), anomalous('b'), image('c', { category: 'cable' })];
    const { mean, categories, definedOver, intervals, curves } = evaluate(images);
    expect(categories['cable']).toEqual(UNDEFINED_METRICS);
    expect(mean).toEqual(PERFECT);
    expect(definedOver.imageAuroc).toBe(1);
    expect(intervals.categories['cable']?.imageAuroc).toBeNull();
    expect(intervals.mean.imageAuroc).toEqual(intervals.categories['bottle']?.imageAuroc);
    expect(intervals.mean.imageAuroc).toMatchObject({ high: 1 });
    expect(Object.values(curves.categories['cable'] ?? {})).toEqual(new Array(5).fill(null));
  });

  test('without normal images the image metrics and AUPIMO are undefined', () => {
    const { mean } = evaluate([anomalous('a')]);
    const undefinedOnes = { imageAuroc: null, imageAp: null, imageF1Max: null, aupimo: null };
    expect(mean).toEqual({ ...PERFECT, ...undefinedOnes });
  });

  test('without any mask the pixel metrics are undefined', () => {
    const { mean, definedOver } = evaluate([image('a'), anomalous('b', { mask: null })]);
    expect(mean).toEqual({ ...UNDEFINED_METRICS, imageAuroc: 1, imageAp: 1, imageF1Max: 1 });
    expect(definedOver.pixelAuroc).toBe(0);
  });

  test('masks without an anomalous pixel leave the pixel metrics undefined', () => {
    const { mean } = evaluate([image('a'), anomalous('b', { mask: new Uint8Array(6) })]);
    expect(mean.pixelAuroc).toBeNull();
    expect(mean.aupro30).toBeNull();
  });
});

test('an anomalous image without a mask counts for the image metrics only', () => {
  const highEverywhere = new Float32Array(6).fill(5);
  const unmasked = anomalous('c', { mask: null, imageScore: 0, anomalyMap: highEverywhere });
  const { mean } = evaluate([image('a'), anomalous('b'), unmasked]);
  expect(mean.imageAuroc).toBe(0.5);
  expect(mean.pixelAuroc).toBe(1);
});

test('normal images count as normal pixels', () => {
  const loud = image('a', { anomalyMap: new Float32Array(6).fill(0.95) });
  const { mean } = evaluate([loud, anomalous('b')]);
  expect(mean.pixelAuroc).toBeCloseTo(5 / 11, 12);
});

test('a category can be evaluated early, once', () => {
  const evaluator = new Evaluator(size);
  evaluator.add(image('a'));
  evaluator.add(anomalous('b'));
  expect(evaluator.evaluateCategory('bottle')).toEqual(PERFECT);
  expect(evaluator.evaluateCategory('bottle')).toEqual(PERFECT);
  expect(() => evaluator.add(image('c'))).toThrow(/c came after its category bottle/);
  evaluator.add(image('d', { category: 'cable' }));
  expect(Object.keys(evaluator.evaluate().categories)).toEqual(['bottle', 'cable']);
  expect(() => evaluator.evaluateCategory('tile')).toThrow(/Category tile/);
});

test('a category that the dataset lacks is refused', () => {
  const evaluator = new Evaluator(size, { categories: ['bottle'] });
  evaluator.add(image('a'));
  const stranger = image('x.png', { category: 'zipper' });
  expect(() => evaluator.add(stranger)).toThrow(
    /x\.png is of zipper, which the dataset does not have/,
  );
});

describe('refused, naming the sample', () => {
  const bad: [string, ScoredImage, RegExp][] = [
    ['NaN image score', image('x.png', { imageScore: Number.NaN }), /image score of x\.png is NaN/],
    [
      'infinite anomaly map',
      image('x.png', { anomalyMap: Float32Array.of(0, 0, 0, 0, Number.POSITIVE_INFINITY, 0) }),
      /map of x\.png holds Infinity at row 1, column 1/,
    ],
    ['map size', image('x.png', { anomalyMap: new Float32Array(5) }), /map of x\.png has 5 pixels/],
    ['mask size', anomalous('x.png', { mask: new Uint8Array(7) }), /mask of x\.png has 7 pixels/],
    ['duplicate', image('a'), /Sample a was added twice/],
    [
      'normal with anomalous pixels',
      image('x.png', { mask: Uint8Array.of(0, 1, 0, 0, 0, 0) }),
      /x\.png is normal, but its mask/,
    ],
  ];
  test.each(bad)('%s', (_, wrong, message) => {
    const evaluator = new Evaluator(size);
    evaluator.add(image('a'));
    evaluator.add(anomalous('b'));
    expect(() => evaluator.add(wrong)).toThrow(message);
    try {
      evaluator.add(wrong);
    } catch (error) {
      expect(error).toBeInstanceOf(DomainError);
      expect(error).toMatchObject({ code: 'INVALID_INPUT', file: wrong.path });
    }
    expect(evaluator.evaluate().mean).toEqual(PERFECT); // what was refused left no trace
  });
});
