/** @file The bound of the histogram method: a true one, small where scores are many and of any shape, and acted upon. */
import { ALL_METRIC_NAMES, PIXEL_METRIC_NAMES } from '@plumbline/contracts';
import { describe, expect, test } from 'vitest';
import { Evaluator, pixelCurve, type ScoredImage } from '../index.ts';
import { aupimo } from '../metrics/aupimo.ts';
import { measureRegions } from '../metrics/connected-regions.ts';
import { pixelMetricsOf } from '../metrics/pixel-metrics.ts';
import { gaussian, lehmer } from '../testing/made-images.ts';
import { makeMaps } from '../testing/made-maps.ts';
import { PixelHistogram } from './pixel-histogram.ts';

const side = 48;
const size = { height: side, width: side };

function bothWays(images: readonly ScoredImage[], bins: number) {
  const maps = images.map(({ anomalyMap }) => anomalyMap);
  const masks = images.map(({ mask }) => mask);
  const exact = pixelMetricsOf(pixelCurve(maps, masks, size), aupimo(maps, masks));
  const histogram = new PixelHistogram(bins);
  for (const { anomalyMap, mask } of images) {
    histogram.add(anomalyMap, mask === null ? null : measureRegions(mask, side, side));
  }
  const binned = pixelMetricsOf(histogram.curve(), histogram.aupimo());
  return { exact, binned, bounds: histogram.errorBounds(binned) };
}

const SHAPES: [string, (score: number) => number][] = [
  ['as they are', (score) => score],
  ['sigmoid', (score) => 1 / (1 + Math.exp(-3 * score))],
  ['offset', (score) => score - 1e4],
  ['heavy ties', (score) => Math.round(score * 4) / 4],
  ['cut off at zero', (score) => Math.max(0, score - 0.5)],
  ['over many octaves', (score) => Math.exp(6 * score)],
];

describe('the bound is a true one, however few the bins are', () => {
  test.each(SHAPES)('%s', (_, transform) => {
    const images = makeMaps({ side, normal: 10, anomalous: 12, transform });
    for (const all of [images, [...images].reverse()]) {
      for (const bins of [64, 512, 4096]) {
        const { exact, binned, bounds } = bothWays(all, bins);
        for (const name of PIXEL_METRIC_NAMES) {
          const off = Math.abs((binned[name] ?? Number.NaN) - (exact[name] ?? Number.NaN));
          expect(off, `${name} of ${bins} bins`).toBeLessThanOrEqual((bounds[name] ?? -1) + 1e-9);
        }
      }
    }
  });

  test('it is not 0 for continuous scores in few bins, and 0 for as many scores as bins', () => {
    const images = makeMaps({ side, normal: 6, anomalous: 4 });
    const few = bothWays(images, 64).bounds;
    for (const name of ['pixelAuroc', 'pixelAp', 'aupro30', 'aupro05'] as const) {
      expect(few[name], name).toBeGreaterThan(1e-4);
    }
    const enough = bothWays(images, side * side * 16);
    for (const name of PIXEL_METRIC_NAMES) {
      expect(enough.bounds[name], name).toBeLessThan(1e-12);
      expect(enough.binned[name], name).toBeCloseTo(enough.exact[name] ?? -1, 12);
    }
  });
});

test('with a fiftieth as many bins as scores, the bound is below 1e-2 and shrinks as bins grow', () => {
  const images = makeMaps({ side, normal: 30, anomalous: 30 });
  const coarse = bothWays(images, 2048).bounds;
  const fine = bothWays(images, 32_768).bounds;
  for (const name of PIXEL_METRIC_NAMES) {
    expect(fine[name] ?? 1, name).toBeLessThan((coarse[name] ?? 0) / 4 + 1e-9);
  }
});

test('images that are like those to come keep the bound small; a few of another scale before all others do not', () => {
  const images = makeMaps({ side, normal: 60, anomalous: 60 });
  for (const [index, { anomalyMap }] of images.entries()) {
    if (index % 5 === 0) for (let i = 0; i < anomalyMap.length; i += 1) anomalyMap[i]! *= 1e4;
  }
  const isOdd = (_: ScoredImage, index: number) => index % 5 === 0;
  const apart = [...images.filter(isOdd), ...images.filter((one, index) => !isOdd(one, index))];
  const mixed = images.map((_, index) => images[(index * 73) % 120] ?? images[0]!);
  const largest = (all: readonly ScoredImage[]) =>
    Math.max(...PIXEL_METRIC_NAMES.map((name) => bothWays(all, 8192).bounds[name] ?? 0));
  expect(largest(mixed)).toBeLessThan(largest(apart) / 5);
});

describe('an evaluation', () => {
  /** Scores of 20 normal and 20 anomalous maps, the first 200 pixels of the latter anomalous. */
  function sigmoidMaps(): ScoredImage[] {
    const random = lehmer(5);
    const mask = new Uint8Array(64 * 64).fill(1, 0, 200);
    return Array.from({ length: 40 }, (_, index) => {
      const isAnomalous = index >= 20;
      const anomalyMap = Float32Array.from({ length: 64 * 64 }, (_, i) => {
        const lift = isAnomalous && i < 200 ? 3 : 0;
        return 1 / (1 + Math.exp(-3 * (gaussian(random) + lift)));
      });
      return {
        path: `${index}.png`,
        category: 'made',
        label: isAnomalous ? ('anomalous' as const) : ('normal' as const),
        imageScore: index,
        anomalyMap,
        mask: isAnomalous ? mask : null,
      };
    });
  }

  function evaluate(images: readonly ScoredImage[], exactPixelBudget: number, resamples = 0) {
    const evaluator = new Evaluator({ height: 64, width: 64 }, { exactPixelBudget, resamples });
    for (const image of images) evaluator.add(image);
    return evaluator.evaluate();
  }

  test('of sigmoid maps from a histogram is that of exact ranking, and stores its bound', () => {
    const images = sigmoidMaps();
    const exact = evaluate(images, 1e9);
    const binned = evaluate(images, 1);
    expect(exact.pixelErrorBounds).toEqual({});
    for (const name of PIXEL_METRIC_NAMES) {
      expect(binned.pixelErrorBounds['made']?.[name], name).toBeLessThanOrEqual(1e-4);
      const off = Math.abs((binned.mean[name] ?? 9) - (exact.mean[name] ?? -9));
      expect(off, name).toBeLessThanOrEqual(1e-4);
    }
  });

  test('that begins with normal images has intervals that are like those of exact ranking', () => {
    const images = sigmoidMaps();
    const exact = evaluate(images, 1e9, 200).intervals.mean;
    const binned = evaluate(images, 1, 200).intervals.mean;
    for (const name of ['pixelAuroc', 'pixelAp', 'pixelF1Max', 'aupro30'] as const) {
      const [a, b] = [exact[name], binned[name]];
      const width = (a?.high ?? 0) - (a?.low ?? 0);
      expect(Math.abs((a?.low ?? 0) - (b?.low ?? 1)) / width, name).toBeLessThan(0.2);
      expect(Math.abs((a?.high ?? 0) - (b?.high ?? 1)) / width, name).toBeLessThan(0.2);
    }
  });
});

test('the metrics that have a bound are the pixel metrics', () => {
  const { bounds } = bothWays(makeMaps({ side, normal: 6, anomalous: 2 }), 64);
  const pixel = ALL_METRIC_NAMES.filter((name) => !name.startsWith('image'));
  expect(Object.keys(bounds).sort()).toEqual([...pixel].sort());
});
