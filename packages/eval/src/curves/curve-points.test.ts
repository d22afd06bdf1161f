/** @file Curves as few points, and histograms of image scores. */
import { describe, expect, test } from 'vitest';
import {
  areaUnderRoc,
  curveAupro,
  curvePoints,
  pixelCurve,
  rankedCurve,
  scoreHistogram,
} from '../index.ts';
import { gaussian, lehmer } from '../testing/made-images.ts';
import { makeMaps } from '../testing/made-maps.ts';

function trapezoid({ x, y }: { x: readonly number[]; y: readonly number[] }): number {
  let area = 0;
  for (let k = 1; k < x.length; k += 1) {
    area += (((x[k] ?? 0) - (x[k - 1] ?? 0)) * ((y[k] ?? 0) + (y[k - 1] ?? 0))) / 2;
  }
  return area;
}

const random = lehmer(4);
const labels = Uint8Array.from({ length: 4000 }, (_, index) => index % 2);
const scores = Float64Array.from(labels, (label) => gaussian(random) + label);
const curve = rankedCurve(scores, labels);

test('a short ROC curve keeps every vertex, by hand', () => {
  const short = rankedCurve(Float64Array.of(4, 3, 2, 1), Uint8Array.of(1, 0, 1, 0));
  expect(curvePoints(short, 'roc')).toEqual({ x: [0, 0, 0.5, 0.5, 1], y: [0, 0.5, 0.5, 1, 1] });
  expect(curvePoints(short, 'pr')).toEqual({ x: [0.5, 1], y: [1, 2 / 3] });
  expect(curvePoints(short, 'pro')).toBeNull();
});

test('a long curve is thinned to the limit and keeps its area', () => {
  const roc = curvePoints(curve, 'roc');
  expect(roc?.x.length).toBeLessThanOrEqual(200);
  expect(roc?.x.length).toBeGreaterThan(50);
  expect(roc?.x.at(0)).toBe(0);
  expect([roc?.x.at(-1), roc?.y.at(-1)]).toEqual([1, 1]);
  expect(roc?.x).toEqual([...(roc?.x ?? [])].sort((a, b) => a - b));
  expect(trapezoid(roc ?? { x: [], y: [] })).toBeCloseTo(areaUnderRoc(scores, labels) ?? -1, 2);
  const pr = curvePoints(curve, 'pr', 50);
  expect(pr?.x.length).toBeLessThanOrEqual(50);
  expect(pr?.x.at(-1)).toBe(1);
  expect(pr?.y.at(-1)).toBeGreaterThanOrEqual(0.5);
});

test('a PRO curve keeps its area', () => {
  const side = 32;
  const images = makeMaps({ side, normal: 3, anomalous: 5 });
  const pixels = pixelCurve(
    images.map(({ anomalyMap }) => anomalyMap),
    images.map(({ mask }) => mask),
    { height: side, width: side },
  );
  const pro = curvePoints(pixels, 'pro');
  expect(pro?.x.length).toBeLessThanOrEqual(200);
  expect(trapezoid(pro ?? { x: [], y: [] })).toBeCloseTo(curveAupro(pixels, 1) ?? -1, 2);
});

test('a jump keeps both of its ends', () => {
  const steps = Float64Array.from({ length: 3000 }, (_, index) => (index < 1500 ? 5 : index));
  const half = Uint8Array.from(steps, (_, index) => +(index % 3 === 0));
  const roc = curvePoints(rankedCurve(steps, half), 'roc');
  const jump = roc?.x.findIndex((x, k) => k > 0 && x - (roc.x[k - 1] ?? 0) > 0.4) ?? -1;
  expect(roc?.x[jump]).toBe(1);
  expect(roc?.x[jump - 1]).toBeCloseTo(0.5, 2);
});

test('undefined with one class', () => {
  const normal = rankedCurve(Float64Array.of(1, 2), Uint8Array.of(0, 0));
  expect(curvePoints(normal, 'roc')).toBeNull();
  expect(curvePoints(normal, 'pr')).toBeNull();
});

describe('score histogram', () => {
  const image = (label: 'normal' | 'anomalous', imageScore: number) => ({ label, imageScore });

  test('by hand, the last bin closed', () => {
    const images = [
      image('normal', 0),
      image('normal', 1),
      image('anomalous', 1),
      image('anomalous', 4),
    ];
    expect(scoreHistogram(images, 4)).toEqual({
      low: 0,
      high: 4,
      normal: [1, 1, 0, 0],
      anomalous: [0, 1, 0, 1],
    });
  });

  test('no images, one score', () => {
    expect(scoreHistogram([])).toBeNull();
    expect(scoreHistogram([image('normal', 3)], 2)).toMatchObject({
      low: 3,
      high: 3,
      normal: [1, 0],
    });
  });
});
