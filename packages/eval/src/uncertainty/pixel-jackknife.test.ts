/** @file The jackknife against what is known of means, of a biased variance, and of one image that decides. */
import { byMetric, PIXEL_METRIC_NAMES, UNDEFINED_METRICS } from '@plumbline/contracts';
import { describe, expect, test } from 'vitest';
import { gaussian, lehmer } from '../testing/made-images.ts';
import { pixelEstimates } from './metric-estimates.ts';
import { jackknife } from './pixel-jackknife.ts';

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
/** What leaving out each value changes. */
const gainsOf = (values: readonly number[], of: (values: readonly number[]) => number) =>
  values.map((_, index) => of(values.filter((_, other) => other !== index)) - of(values));
const random = lehmer(3);
const values = Array.from({ length: 40 }, () => gaussian(random));

describe('the jackknife', () => {
  test('of a mean has its variance, without bias', () => {
    const center = mean(values);
    const squares = values.reduce((sum, value) => sum + (value - center) ** 2, 0);
    const { variance, bias, degrees } = jackknife([gainsOf(values, mean)]);
    expect(variance).toBeCloseTo(squares / 39 / 40, 12);
    expect(bias).toBeCloseTo(0, 12);
    expect(degrees).toBeGreaterThan(20);
    expect(degrees).toBeLessThanOrEqual(39);
  });

  test('knows the bias of the mean square about the mean: that of a sample is too low by 1 / n of it', () => {
    const spread = (all: readonly number[]) => mean(all.map((value) => (value - mean(all)) ** 2));
    const unbiased = (spread(values) * 40) / 39;
    const { bias } = jackknife([gainsOf(values, spread)]);
    expect(bias).toBeCloseTo(spread(values) - unbiased, 10);
  });

  test('adds up strata, and says how little is known where one image decides', () => {
    const gains = gainsOf(values, mean);
    const one = jackknife([gains]);
    const both = jackknife([gains, gains]);
    expect(both.variance).toBeCloseTo(2 * one.variance, 12);
    expect(both.degrees).toBeCloseTo(2 * one.degrees, 8);
    const decided = jackknife([[...gains.map((gain) => gain / 100), 1]]);
    expect(decided.degrees).toBeLessThan(3);
    expect(jackknife([[0.1], []])).toEqual({ variance: 0, degrees: 1, bias: 0 });
    expect(jackknife([[0, 0, 0]])).toEqual({ variance: 0, degrees: 2, bias: 0 });
  });
});

describe('an estimate of a pixel metric', () => {
  const metrics = { ...UNDEFINED_METRICS, pixelAuroc: 0.99, pixelAp: 0.9, aupimo: 0.5 };
  const found = { variance: 4e-4, degrees: 20, bias: -0.01 };
  const all = byMetric(PIXEL_METRIC_NAMES, () => found);
  const counts = { masks: 49, pixelsOfNormal: 2e5 };

  test('counts as too high by what so few images do not show, and rests on no more than they can give', () => {
    const { pixelAp, pixelAuroc, pixelF1Max } = pixelEstimates(metrics, all, counts);
    expect(pixelAp).toMatchObject({ value: 0.9, degrees: 20 });
    expect(pixelAp?.bias).toBeCloseTo((1.4 * 0.02) / 7, 12);
    expect(pixelAp?.sample).toBeCloseTo(225, 8); // 0.9 * 0.1 / 4e-4
    expect(pixelAuroc?.sample).toBeCloseTo(24.75, 8);
    expect(pixelF1Max).toBeUndefined();
    const none = byMetric(PIXEL_METRIC_NAMES, () => ({ ...found, variance: 0 }));
    expect(pixelEstimates(metrics, none, counts).pixelAp?.sample).toBe(6 * 49);
  });

  test('of AUPIMO, which hangs on few images, is less sure; without a rate of 1e-5 there is none', () => {
    const biased = byMetric(PIXEL_METRIC_NAMES, () => ({ ...found, bias: 0.03 }));
    expect(pixelEstimates(metrics, biased, counts).aupimo).toMatchObject({
      degrees: 5,
      bias: 0.06,
    });
    const few = pixelEstimates(metrics, biased, { ...counts, pixelsOfNormal: 99_999 });
    expect(few.aupimo).toBeUndefined();
    expect(few.pixelAp).toBeDefined();
  });
});
