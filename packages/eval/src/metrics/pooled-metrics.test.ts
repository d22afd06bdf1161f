/** @file All categories at one threshold. */
import { expect, test } from 'vitest';
import { areaUnderRoc, pooledMetrics } from '../index.ts';

const image = (category: string, label: 'normal' | 'anomalous', imageScore: number) => ({
  category,
  label,
  imageScore,
});

test('by hand: two perfect categories on different levels', () => {
  const images = [
    image('a', 'normal', 1),
    image('a', 'anomalous', 2),
    image('b', 'normal', 3),
    image('b', 'anomalous', 4),
  ];
  // The largest pooled F1 is 4/5, at threshold 2: both anomalous images, and one false alarm. There a has F1 = 1 and b
  // (TP 1, FP 1) has 2/3.
  expect(pooledMetrics(images)).toEqual({
    imageAuroc: 0.75,
    imageAp: expect.closeTo((1 + 2 / 3) / 2, 12),
    imageF1Max: expect.closeTo(0.8, 12),
    meanF1AtPooledThreshold: expect.closeTo((1 + 2 / 3) / 2, 12),
    calibrationGap: expect.closeTo(1 - (1 + 2 / 3) / 2, 12),
  });
});

test('on one level there is no gap', () => {
  const images = ['a', 'b'].flatMap((name) => [
    image(name, 'normal', 1),
    image(name, 'anomalous', 2),
  ]);
  expect(pooledMetrics(images)).toMatchObject({ imageAuroc: 1, calibrationGap: 0 });
});

test('categories without anomalies count as normal images of the pool, and not in the means', () => {
  const images = [
    image('a', 'normal', 1),
    image('a', 'anomalous', 2),
    image('normal only', 'normal', 3),
  ];
  const pooled = pooledMetrics(images);
  expect(pooled.imageAuroc).toBe(areaUnderRoc(Float64Array.of(1, 2, 3), Uint8Array.of(0, 1, 0)));
  expect(pooled.meanF1AtPooledThreshold).toBe(1);
});

test('undefined without both labels, and without images', () => {
  const nothing = {
    imageAuroc: null,
    imageAp: null,
    imageF1Max: null,
    meanF1AtPooledThreshold: null,
    calibrationGap: null,
  };
  expect(pooledMetrics([image('a', 'normal', 1)])).toEqual(nothing);
  expect(pooledMetrics([])).toEqual(nothing);
});
