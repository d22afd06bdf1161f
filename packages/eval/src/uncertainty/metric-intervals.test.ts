/** @file Intervals of all metrics: against a bootstrap that copies images, coverage, grouping, seeds. */
import { ALL_METRIC_NAMES, intervalsSchema } from '@plumbline/contracts';
import { expect, test } from 'vitest';
import { Evaluator, pixelCurve, type ScoredImage } from '../index.ts';
import { aupimo } from '../metrics/aupimo.ts';
import { measureRegions } from '../metrics/connected-regions.ts';
import { pixelMetricsOf } from '../metrics/pixel-metrics.ts';
import { makeMaps } from '../testing/made-maps.ts';
import { drawCounts } from './image-resamples.ts';
import { gridEdges, PixelGrid } from './pixel-grid.ts';
import { resamplePixelMetrics } from './pixel-resamples.ts';
import { RandomStream } from './random-stream.ts';

const side = 48;
const size = { height: side, width: side };

function measure(images: readonly ScoredImage[]) {
  const maps = images.map(({ anomalyMap }) => anomalyMap);
  const masks = images.map(({ mask }) => mask);
  const curve = pixelCurve(maps, masks, size);
  return { curve, metrics: pixelMetricsOf(curve, aupimo(maps, masks)) };
}

function evaluate(images: readonly ScoredImage[], seed = 0, resamples = 200, mapSize = size) {
  const evaluator = new Evaluator(mapSize, { seed, resamples });
  for (const image of images) evaluator.add(image);
  return evaluator.evaluate();
}

test('a pixel resample has nearly the metrics of the images that were drawn, copied as often as drawn', () => {
  const images = makeMaps({ side, normal: 12, anomalous: 15 });
  const { curve, metrics } = measure(images);
  const grid = new PixelGrid(gridEdges(curve), size, 0);
  for (const { anomalyMap, mask } of images) {
    grid.add(anomalyMap, mask === null ? null : measureRegions(mask, side, side));
  }
  const resampled = resamplePixelMetrics(grid, metrics, 'made', { resamples: 8, seed: 3 });
  const random = new RandomStream(3, 'pixels of made');
  const counts = new Uint32Array(27);
  for (let b = 0; b < 8; b += 1) {
    drawCounts(counts, 12, random);
    const drawn = images.flatMap((image, i) => new Array<ScoredImage>(counts[i] ?? 0).fill(image));
    for (const [name, value] of Object.entries(measure(drawn).metrics)) {
      const other = resampled[name as keyof typeof resampled][b];
      // AUPIMO hangs on the highest few of 27,648 normal pixels here, which no grid resolves as finely.
      const tolerance = name === 'aupimo' ? 0.02 : 0.002;
      expect(Math.abs((other ?? Number.NaN) - Number(value)), name).toBeLessThan(tolerance);
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
  for (const metric of ALL_METRIC_NAMES) {
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

test('the interval of pixel AUROC holds the truth about as often as it says', () => {
  // The truth is close to the mean over many independent sets.
  const sets = Array.from({ length: 40 }, (_, seed) =>
    evaluate(makeMaps({ side: 16, normal: 12, anomalous: 12, seed }), 0, 100, {
      height: 16,
      width: 16,
    }),
  );
  const values = sets.map(({ mean }) => mean.pixelAuroc ?? Number.NaN);
  const truth = values.reduce((sum, value) => sum + value, 0) / values.length;
  const held = sets.filter(({ intervals }) => {
    const interval = intervals.mean.pixelAuroc;
    return (
      interval !== null && interval !== undefined && interval.low <= truth && truth <= interval.high
    );
  }).length;
  // 38 expected at 95 %; the bootstrap of 24 images is somewhat too narrow.
  expect(held).toBeGreaterThanOrEqual(31);
  const widths = sets.map(({ intervals }) => {
    const interval = intervals.mean.pixelAuroc;
    return (interval?.high ?? 1) - (interval?.low ?? 0);
  });
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - truth) ** 2, 0) / 39);
  const meanWidth = widths.reduce((sum, width) => sum + width, 0) / widths.length;
  expect(meanWidth / (2 * 1.96 * spread)).toBeGreaterThan(0.6);
  expect(meanWidth / (2 * 1.96 * spread)).toBeLessThan(1.4);
});

test('beyond 256 images of a label, groups are drawn, and the spread stays the same', () => {
  const images = makeMaps({ side: 8, normal: 600, anomalous: 600 });
  const small = { height: 8, width: 8 };
  const maps = images.map(({ anomalyMap }) => anomalyMap);
  const masks = images.map(({ mask }) => mask);
  const curve = pixelCurve(maps, masks, small);
  const metrics = pixelMetricsOf(curve, aupimo(maps, masks));
  const grid = new PixelGrid(gridEdges(curve), small, 0);
  images.forEach(({ anomalyMap, mask }) => {
    grid.add(anomalyMap, mask === null ? null : measureRegions(mask, 8, 8));
  });
  expect([grid.normalRows, grid.anomalousRows]).toEqual([256, 256]);
  const spreadOf = (values: Float64Array) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  };
  const { pixelAuroc } = resamplePixelMetrics(grid, metrics, 'x', { resamples: 200, seed: 0 });
  // A quarter of the images has twice the spread.
  const quarter = images.filter((_, index) => index % 4 === 0);
  const few = new PixelGrid(gridEdges(curve), small, 0);
  quarter.forEach(({ anomalyMap, mask }) => {
    few.add(anomalyMap, mask === null ? null : measureRegions(mask, 8, 8));
  });
  const wider = resamplePixelMetrics(few, metrics, 'x', { resamples: 200, seed: 0 }).pixelAuroc;
  expect(spreadOf(wider) / spreadOf(pixelAuroc)).toBeGreaterThan(1.6);
  expect(spreadOf(wider) / spreadOf(pixelAuroc)).toBeLessThan(2.5);
});

test('no resamples, no intervals', () => {
  const { intervals } = evaluate(makeMaps({ side, normal: 2, anomalous: 2 }), 0, 0);
  expect(intervals.resamples).toBe(0);
  expect(intervals.mean.imageAuroc).toBeNull();
  expect(intervals.mean.pixelAuroc).toBeNull();
});
