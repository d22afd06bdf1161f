/** @file Score intervals against tables, DeLong's covariance against its definition, and what both promise near 1. */
import { UNDEFINED_METRICS } from '@plumbline/contracts';
import { describe, expect, test } from 'vitest';
import { Evaluator, f1Max } from '../index.ts';
import { gaussian, lehmer, makeImages } from '../testing/made-images.ts';
import {
  aurocDifference,
  commonSeedSpread,
  meanAuroc,
  withLeastSeedSpread,
} from './auroc-difference.ts';
import { f1MaxBias } from './image-resamples.ts';
import { type ImageScoreRow, type ImageStrata, imageStrata } from './image-strata.ts';
import { imageEstimates } from './metric-estimates.ts';
import { aurocCovariance, placementsOf } from './placements.ts';
import {
  type Estimate,
  largestSampleOf,
  meanEstimate,
  scoreInterval,
  toEstimate,
  withVariance,
} from './score-interval.ts';

const known = { sample: 29, degrees: Number.POSITIVE_INFINITY };

describe('the interval', () => {
  test('of 0 and of 1 of 29 is that of R. Newcombe, Statist. Med. 17, 1998, table I', () => {
    const { low, high } = scoreInterval({ value: 1 / 29, ...known }, 0.95);
    expect([low, high].map((limit) => Math.round(limit * 1e4) / 1e4)).toEqual([0.0061, 0.1718]);
    expect(scoreInterval({ value: 0, ...known }, 0.95).high).toBeCloseTo(0.117, 4);
  });

  test('has a width at 1, whatever the variance, and holds its value', () => {
    for (const variance of [0, 1e-20, 1e-3]) {
      const estimate = toEstimate(1, { variance, largestSample: 58, degrees: 29 });
      const { low, high } = scoreInterval(estimate, 0.95);
      expect(high).toBe(1);
      expect(low).toBeLessThan(0.95);
    }
    const middle = toEstimate(0.4, { variance: 1e-30, largestSample: 10, degrees: 5 });
    const { low, high } = scoreInterval(middle, 0.95);
    expect(low < 0.4 && high > 0.4).toBe(true);
  });

  test('is wider with fewer degrees of freedom and a higher confidence', () => {
    const widthOf = (degrees: number, confidence: number) => {
      const { low, high } = scoreInterval({ value: 0.9, sample: 40, degrees }, confidence);
      return high - low;
    };
    expect(widthOf(5, 0.95)).toBeGreaterThan(widthOf(50, 0.95));
    expect(widthOf(50, 0.99)).toBeGreaterThan(widthOf(50, 0.95));
  });
});

test('a value that is too high on average is held, and so is what it is without that', () => {
  const plain = scoreInterval({ value: 0.9, ...known }, 0.95);
  const biased = scoreInterval({ value: 0.9, ...known, bias: 0.05 }, 0.95);
  expect(biased.low).toBeCloseTo(scoreInterval({ value: 0.85, ...known }, 0.95).low, 12);
  expect(biased.high).toBe(plain.high);
  expect(scoreInterval({ value: 0.01, ...known, bias: 0.05 }, 0.95).low).toBe(0);
});

describe('F1-max, whose threshold is the best for the images that it is measured on', () => {
  /** Of normal scores a standard deviation apart, as many of both labels. */
  const TRUE_F1_MAX = 0.7191;
  const random = lehmer(21);
  const sets = Array.from({ length: 120 }, () =>
    imageStrata(
      Array.from({ length: 60 }, (_, i) => ({
        path: `${i}`,
        category: 'made',
        label: i % 2 === 0 ? ('anomalous' as const) : ('normal' as const),
        imageScore: gaussian(random) + (i % 2 === 0 ? 1 : 0),
      })),
    ),
  ).map(([strata]) => strata ?? never());
  const values = sets.map(({ scores, anomalousPaths }) => {
    const labels = Uint8Array.from(scores, (_, i) => (i < anomalousPaths.length ? 1 : 0));
    return f1Max(scores, labels)?.value ?? never();
  });
  const meanOf = (all: readonly number[]) => all.reduce((sum, one) => sum + one, 0) / all.length;
  const options = { resamples: 100, seed: 0 };

  test('is too high by about what its halves show', () => {
    const bias = meanOf(sets.map((strata) => f1MaxBias(strata, options) ?? never()));
    const isTooHigh = meanOf(values) - TRUE_F1_MAX;
    expect(isTooHigh).toBeGreaterThan(0.025);
    expect(bias / isTooHigh).toBeGreaterThan(0.6);
    expect(bias / isTooHigh).toBeLessThan(1.5);
    expect(f1MaxBias({ ...sets[0]!, anomalousPaths: ['0'] }, options)).toBeNull();
  });

  test('the interval of a mean of ten categories holds the true one', () => {
    let held = 0;
    for (let from = 0; from < 120; from += 10) {
      const estimates = sets.slice(from, from + 10).map((strata, at) => {
        const metrics = { ...UNDEFINED_METRICS, imageF1Max: values[from + at] ?? never() };
        return imageEstimates(metrics, strata, options).imageF1Max ?? never();
      });
      const { low, high } = scoreInterval(meanEstimate(estimates) ?? never(), 0.95);
      if (low <= TRUE_F1_MAX && TRUE_F1_MAX <= high) held += 1;
    }
    expect(held).toBeGreaterThanOrEqual(11); // of 12; without the bias in 6
  });
});

describe('estimates together', () => {
  const one: Estimate = { value: 0.9, sample: 40, degrees: 20 };

  test('the mean of k like ones rests on k times the images and degrees of freedom', () => {
    const mean = meanEstimate([one, one, one, one]);
    expect(mean?.value).toBeCloseTo(0.9, 12);
    expect(mean?.sample).toBeCloseTo(160, 8);
    expect(mean?.degrees).toBeCloseTo(80, 8);
    expect(meanEstimate([{ ...one, value: 1 }])?.sample).toBe(40);
    expect(meanEstimate([])).toBeUndefined();
  });

  test('a further variance is added to that of the images', () => {
    const more = withVariance(one, { variance: (0.9 * 0.1) / 40, degrees: 2 });
    expect(more.sample).toBeCloseTo(20, 8);
    expect(more.degrees).toBeCloseTo(4 / (1 / 20 + 1 / 2), 8);
    expect(withVariance(one, { variance: 0, degrees: 0 })).toEqual(one);
  });
});

test('the covariance is DeLong’s, by its definition over all pairs', () => {
  const strataOf = (seed: number) => {
    const rows = makeImages({ separation: 1, seed, shared: 1, categories: ['x'] });
    const rounded = rows.map((row) => ({ ...row, imageScore: Math.round(2 * row.imageScore) }));
    return imageStrata(rounded)[0] ?? never();
  };
  const [a, b] = [strataOf(1), strataOf(2)];
  const [ofA, ofB] = [placementsOf(a) ?? never(), placementsOf(b) ?? never()];
  const naive = (strata: ImageStrata) => {
    const split = strata.anomalousPaths.length;
    const hits = [...strata.scores.subarray(0, split)];
    const normals = [...strata.scores.subarray(split)];
    const win = (x: number, y: number) => (Math.sign(x - y) + 1) / 2;
    return {
      anomalous: hits.map((x) => normals.reduce((sum, y) => sum + win(x, y), 0) / normals.length),
      normal: normals.map((y) => hits.reduce((sum, x) => sum + win(x, y), 0) / hits.length),
    };
  };
  const sample = (x: readonly number[], y: readonly number[]) => {
    const [meanX, meanY] = [x, y].map((all) => all.reduce((sum, v) => sum + v, 0) / all.length);
    const products = x.map((v, i) => (v - (meanX ?? 0)) * ((y[i] ?? 0) - (meanY ?? 0)));
    return products.reduce((sum, v) => sum + v, 0) / (x.length - 1) / x.length;
  };
  const [naiveA, naiveB] = [naive(a), naive(b)];
  const expected =
    sample(naiveA.anomalous, naiveB.anomalous) + sample(naiveA.normal, naiveB.normal);
  expect(expected).toBeGreaterThan(1e-4);
  expect(aurocCovariance(ofA, ofB)).toBeCloseTo(expected, 12);
  expect(
    [...ofA.anomalous].every((v, i) => Math.abs(v - (naiveA.anomalous[i] ?? -1)) < 1e-12),
  ).toBe(true);
});

describe('where scores are good', () => {
  /** Φ(3.75 / √2). */
  const TRUE_AUROC = 0.996;

  function intervalsOf(random: () => number, categories: number) {
    const evaluator = new Evaluator({ height: 1, width: 1 }, { resamples: 50 });
    for (let i = 0; i < 60 * categories; i += 1) {
      const label = i % 2 === 0 ? 'anomalous' : 'normal';
      evaluator.add({
        path: `${i}.png`,
        category: `c${(i >> 1) % categories}`,
        label,
        imageScore: gaussian(random) + (label === 'anomalous' ? 3.75 : 0),
        anomalyMap: new Float32Array(1),
        mask: null,
      });
    }
    return evaluator.evaluate().intervals;
  }

  test('intervals of the image AUROC hold the true one', () => {
    const random = lehmer(11);
    let held = 0;
    for (let trial = 0; trial < 100; trial += 1) {
      const interval = intervalsOf(random, 1).mean.imageAuroc;
      if (interval && interval.low <= TRUE_AUROC && TRUE_AUROC <= interval.high) held += 1;
    }
    expect(held).toBeGreaterThanOrEqual(90); // the percentile bootstrap holds it in 64
  });

  test('30 normal images below 30 anomalous ones do not prove an AUROC of 1', () => {
    const evaluator = new Evaluator({ height: 1, width: 1 });
    for (let i = 0; i < 60; i += 1) {
      const label = i < 30 ? ('normal' as const) : ('anomalous' as const);
      const anomalyMap = new Float32Array(1);
      evaluator.add({ path: `${i}`, category: 'x', label, imageScore: i, anomalyMap, mask: null });
    }
    const { mean } = evaluator.evaluate().intervals;
    for (const metric of ['imageAuroc', 'imageAp', 'imageF1Max'] as const) {
      expect(mean[metric]?.high, metric).toBe(1);
      expect(mean[metric]?.low, metric).toBeGreaterThan(0.9);
      expect(mean[metric]?.low, metric).toBeLessThan(0.96);
    }
  });
});

describe('a difference', () => {
  const strataOf = (rows: readonly ImageScoreRow[]) => imageStrata(rows);
  const auroc = (separation: number, ...seeds: number[]) =>
    meanAuroc(seeds.map((seed) => strataOf(makeImages({ separation, seed, shared: 1 })))) ??
    never();

  test('has p at most 0.05 exactly where its interval leaves 0 out', () => {
    let apart = 0;
    for (let seed = 1; seed <= 60; seed += 2) {
      const { low, high, p } = aurocDifference(auroc(1.6, seed), auroc(1, seed + 1), 0.95);
      expect(p <= 0.05).toBe(low > 0 || high < 0);
      if (p <= 0.05) apart += 1;
    }
    expect(apart).toBeGreaterThan(3);
    expect(apart).toBeLessThan(27);
  });

  test('of rows whose own intervals lie apart is told apart', () => {
    const [good, poor] = [auroc(3, 1), auroc(0.3, 2)];
    expect(scoreInterval(poor.estimate, 0.95).high).toBeLessThan(
      scoreInterval(good.estimate, 0.95).low,
    );
    expect(aurocDifference(good, poor, 0.95).p).toBeLessThan(0.001);
  });

  test('of several seeds is as uncertain as these are', () => {
    const like = aurocDifference(auroc(1.5, 1, 2, 3), auroc(1.2, 4, 5, 6), 0.95);
    const wild =
      meanAuroc(
        [0.2, 1.5, 2.8].map((separation, seed) =>
          strataOf(makeImages({ separation, seed, shared: 1 })),
        ),
      ) ?? never();
    const unlike = aurocDifference(wild, auroc(1.2, 4, 5, 6), 0.95);
    expect(unlike.high - unlike.low).toBeGreaterThan(2 * (like.high - like.low));
  });
});

test('seeds that happen to agree count as a third as far apart as those of other rows, a single one as they are', () => {
  const modelOf = (...separations: number[]) =>
    meanAuroc(
      separations.map((separation, seed) =>
        imageStrata(makeImages({ separation, seed, shared: 1 })),
      ),
    ) ?? never();
  const [agreeing, wild, single] = [modelOf(1.5, 1.5, 1.5), modelOf(0.2, 1.5, 2.8), modelOf(1.5)];
  const common = commonSeedSpread([agreeing, wild, single]);
  expect(common.degrees).toBe(4);
  const sum = agreeing.seedSpread.variance + wild.seedSpread.variance;
  expect(common.variance).toBeCloseTo(sum / 2, 12);
  const less = withLeastSeedSpread(agreeing, common);
  expect(less.seedSpread).toEqual({ variance: common.variance / 3, degrees: 2 });
  expect(less.estimate.sample).toBeLessThan(agreeing.estimate.sample);
  expect(less.estimate.value).toBe(agreeing.estimate.value);
  expect(withLeastSeedSpread(wild, common)).toBe(wild);
  expect(withLeastSeedSpread(single, common).seedSpread).toEqual(common);
  const none = commonSeedSpread([single]);
  expect(withLeastSeedSpread(single, none).estimate).toEqual(single.estimate);
});

test('what a proportion near 1 rests on grows with both labels', () => {
  expect(largestSampleOf(30, 30)).toBeCloseTo(900 / 15.5, 10);
  expect(largestSampleOf(1, 1)).toBe(1);
  expect(largestSampleOf(48, 16)).toBeGreaterThan(largestSampleOf(16, 16));
});

function never(): never {
  throw new Error('Missing');
}
