/** @file Intervals of all metrics: against images that are really left out, coverage, grouping, seeds. */
import { ALL_METRIC_NAMES, intervalsSchema, PIXEL_METRIC_NAMES } from '@plumbline/contracts';
import { expect, test } from 'vitest';
import { Evaluator, pixelCurve, type RankedCurve, type ScoredImage } from '../index.ts';
import { aupimo } from '../metrics/aupimo.ts';
import { measureRegions } from '../metrics/connected-regions.ts';
import { pixelMetricsOf } from '../metrics/pixel-metrics.ts';
import { makeMaps } from '../testing/made-maps.ts';
import { gridEdges, PixelGrid } from './pixel-grid.ts';
import { jackknifePixelMetrics, leaveOut } from './pixel-jackknife.ts';

const side = 48;
const size = { height: side, width: side };

function measure(images: readonly ScoredImage[], mapSize = size) {
  const maps = images.map(({ anomalyMap }) => anomalyMap);
  const masks = images.map(({ mask }) => mask);
  const curve = pixelCurve(maps, masks, mapSize);
  return { curve, metrics: pixelMetricsOf(curve, aupimo(maps, masks)) };
}

function gridOf(images: readonly ScoredImage[], curve: RankedCurve, mapSize = size): PixelGrid {
  const grid = new PixelGrid(gridEdges(curve), mapSize, 0);
  for (const { anomalyMap, mask } of images) {
    grid.add(anomalyMap, mask && measureRegions(mask, mapSize.height, mapSize.width));
  }
  return grid;
}

function evaluate(images: readonly ScoredImage[], seed = 0, resamples = 200, mapSize = size) {
  const evaluator = new Evaluator(mapSize, { seed, resamples });
  for (const image of images) evaluator.add(image);
  return evaluator.evaluate();
}

test('what an image left out changes on the grid is nearly what it changes', () => {
  const images = makeMaps({ side, normal: 12, anomalous: 15 });
  const { curve, metrics } = measure(images);
  const { normal, anomalous } = leaveOut(gridOf(images, curve));
  const gains = [...normal, ...anomalous];
  expect(gains).toHaveLength(27);
  for (const index of [0, 5, 11, 12, 20, 26]) {
    const without = measure(images.filter((_, other) => other !== index)).metrics;
    for (const name of PIXEL_METRIC_NAMES) {
      const exact = (without[name] ?? Number.NaN) - (metrics[name] ?? Number.NaN);
      // AUPIMO hangs on the highest few of 27,648 normal pixels here, which no grid resolves as finely.
      const tolerance = name === 'aupimo' ? 0.02 : 0.001;
      expect(Math.abs((gains[index]?.[name] ?? 9) - exact), name).toBeLessThan(tolerance);
    }
  }
});

test('intervals hold their metric, fit the contract, and do not depend on the order of images', () => {
  const images = [
    ...makeMaps({ side, normal: 10, anomalous: 12, category: 'a', seed: 1 }),
    ...makeMaps({ side, normal: 10, anomalous: 12, category: 'b', seed: 2 }),
  ];
  const { intervals, mean, categories } = evaluate(images);
  expect(intervalsSchema.parse(intervals)).toEqual(intervals);
  expect(intervals).toMatchObject({ confidence: 0.95, resamples: 200, seed: 0 });
  // Of 23,040 normal pixels none is a rate of 1e-5.
  expect(mean.aupimo).not.toBeNull();
  expect(intervals.mean.aupimo).toBeNull();
  for (const metric of ALL_METRIC_NAMES.filter((name) => name !== 'aupimo')) {
    const [ofMean, ofA] = [intervals.mean[metric], intervals.categories['a']?.[metric]];
    expect(ofMean?.low, metric).toBeLessThanOrEqual(mean[metric] ?? Number.NaN);
    expect(ofMean?.high, metric).toBeGreaterThanOrEqual(mean[metric] ?? Number.NaN);
    expect(ofA?.low, metric).toBeLessThanOrEqual(categories['a']?.[metric] ?? Number.NaN);
    const widthOf = (interval: typeof ofMean) => (interval?.high ?? 1) - (interval?.low ?? 0);
    const wider = Math.max(widthOf(ofA), widthOf(intervals.categories['b']?.[metric]));
    expect(widthOf(ofMean), metric).toBeLessThan(wider);
  }
  const turned = evaluate([...images].reverse()).intervals;
  expect(turned.mean.imageAuroc).toEqual(intervals.mean.imageAuroc);
  expect(evaluate(images, 1).intervals.mean).not.toEqual(intervals.mean);
});

test('intervals of pixel metrics hold the truth at least as often as they say', () => {
  const small = { height: 16, width: 16 };
  const setOf = (seed: number, images: number) =>
    makeMaps({ side: 16, normal: images, anomalous: images, seed });
  const { metrics: truth } = measure(setOf(999, 1500), small);
  const sets = Array.from({ length: 40 }, (_, seed) => evaluate(setOf(seed, 12), 0, 10, small));
  for (const metric of ['pixelAuroc', 'pixelAp', 'pixelF1Max', 'aupro30', 'aupro05'] as const) {
    const intervals = sets.map((one) => one.intervals.mean[metric] ?? { low: 1, high: 0 });
    const value = truth[metric] ?? Number.NaN;
    const held = intervals.filter(({ low, high }) => low <= value && value <= high).length;
    expect(held, metric).toBeGreaterThanOrEqual(35); // of 40, with a dozen images of each label
    const width = intervals.reduce((sum, { low, high }) => sum + (high - low) / 40, 0);
    expect(width, metric).toBeLessThan(0.5);
  }
});

test('beyond 256 images of a label, groups are left out, and the spread stays the same', () => {
  const small = { height: 8, width: 8 };
  const images = makeMaps({ side: 8, normal: 600, anomalous: 600 });
  const { curve } = measure(images, small);
  const grid = gridOf(images, curve, small);
  expect([grid.normalRows, grid.anomalousRows]).toEqual([256, 256]);
  const quarter = images.filter((_, index) => index % 4 === 0);
  const few = jackknifePixelMetrics(gridOf(quarter, curve, small)).pixelAuroc;
  const ratio = few.variance / jackknifePixelMetrics(grid).pixelAuroc.variance;
  expect(ratio).toBeGreaterThan(1.6 ** 2); // a quarter of the images has four times the variance
  expect(ratio).toBeLessThan(2.5 ** 2);
});

test('no resamples, no intervals', () => {
  const { intervals } = evaluate(makeMaps({ side, normal: 2, anomalous: 2 }), 0, 0);
  expect(intervals.resamples).toBe(0);
  expect(intervals.mean.imageAuroc).toBeNull();
  expect(intervals.mean.pixelAuroc).toBeNull();
});
