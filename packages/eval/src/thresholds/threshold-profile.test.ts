/** @file Threshold profiles: the rules by name, the uncertain band and refitting. */
import { DomainError, thresholdProfileSchema } from '@plumbline/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  fitCuts,
  fitThreshold,
  parseThresholdRule,
  refitProfile,
  THRESHOLD_RULES,
  thresholdRuleWords,
  toProfile,
} from '../index.ts';
import { gaussian, lehmer } from '../testing/made-images.ts';
import { digamma, inverseTrigamma, sharedSpread, trigamma } from './shared-spread.ts';

const scores = fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), {
  minLength: 1,
  maxLength: 30,
});
const groups = fc.record({ bolt: scores, cap: scores, nut: scores });
const rules = fc.constantFrom(...THRESHOLD_RULES);

/** `count` held-out scores in each of `names`, one standard deviation 1 and means apart. */
function normalScores(seed: number, count: number, names: readonly string[], spread = 1) {
  const random = lehmer(seed);
  return Object.fromEntries(
    names.map((name, index) => [
      name,
      Array.from({ length: count }, () => 10 * index + spread * gaussian(random)),
    ]),
  );
}

test('the default adapts to the scores; one category alone has the prediction bound by the shared spread', () => {
  const heldOut = normalScores(8, 6, ['a', 'b', 'c']);
  expect(fitCuts(heldOut)).toEqual(fitCuts(heldOut, { rule: 'adaptive-bound' }));
  const scores = heldOut['a'] ?? [];
  const alone = fitCuts({ a: scores }, { rule: 'shared-spread-bound' });
  expect(alone.categories['a']?.threshold).toBe(fitThreshold(scores));
});

describe('every rule', () => {
  test('gives finite cuts that rise as the target falls, pooled and for each category', () => {
    fc.assert(
      fc.property(rules, groups, (rule, heldOut) => {
        const strict = fitCuts(heldOut, { rule, falseAlarmTarget: 0.01 });
        const lax = fitCuts(heldOut, { rule, falseAlarmTarget: 0.1 });
        expect(Object.keys(strict.categories)).toEqual(['bolt', 'cap', 'nut']);
        for (const name of ['bolt', 'cap', 'nut']) {
          const [high, low] = [strict.categories[name]?.threshold, lax.categories[name]?.threshold];
          expect(Number.isFinite(high)).toBe(true);
          expect(high).toBeGreaterThanOrEqual(low ?? Number.NaN);
        }
        expect(strict.pooled.threshold).toBeGreaterThanOrEqual(lax.pooled.threshold);
      }),
    );
  });

  test('does not depend on the order of scores or of categories', () => {
    fc.assert(
      fc.property(rules, groups, (rule, heldOut) => {
        const cuts = fitCuts(heldOut, { rule });
        const turned = Object.fromEntries(
          Object.entries(heldOut)
            .reverse()
            .map(([name, values]) => [name, [...values].reverse()]),
        );
        const again = fitCuts(turned, { rule });
        for (const [name, { threshold }] of Object.entries(cuts.categories)) {
          const scale = Math.abs(threshold) + 1;
          expect((again.categories[name]?.threshold ?? Number.NaN) / scale).toBeCloseTo(
            threshold / scale,
            5,
          );
        }
      }),
    );
  });

  test('says its target, and one threshold for all when asked for', () => {
    for (const rule of THRESHOLD_RULES) {
      expect(thresholdRuleWords(rule, 0.05)).toContain('0.05');
      const cuts = fitCuts({ a: [1, 2], b: [5, 9] }, { rule, scope: 'pooled' });
      expect(cuts.categories['a']).toEqual(cuts.pooled);
      expect(cuts.categories['b']).toEqual(cuts.pooled);
      expect(cuts.rule).toContain('One threshold for all');
    }
  });
});

test('the prediction bound is fitThreshold; bounds are above the mean, even of equal scores', () => {
  fc.assert(
    fc.property(groups, (heldOut) => {
      for (const rule of ['prediction-bound', 'shared-spread-bound'] as const) {
        const cuts = fitCuts(heldOut, { rule });
        for (const [name, values] of Object.entries(heldOut)) {
          const threshold = cuts.categories[name]?.threshold ?? Number.NaN;
          const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
          expect(threshold).toBeGreaterThan(mean);
          if (rule === 'prediction-bound') expect(threshold).toBe(fitThreshold(values));
        }
      }
    }),
  );
  const equal = fitCuts({ a: [7, 7, 7], b: [7, 7, 7] });
  expect(equal.categories['a']?.threshold).toBeGreaterThan(7);
});

test('says how the scores came about, and keeps it when the profile is made anew', () => {
  const scores = { a: [1, 2, 3], b: [4, 5] };
  const cuts = fitCuts(scores, { scoresFrom: 'crossFit' });
  expect(cuts.rule).toMatch(/all normal training images, each by a fit without it/);
  const profile = toProfile(cuts, { scoresFrom: 'crossFit' }, (name) => ({
    pixelThreshold: 9,
    heldOutScores: name === 'a' ? scores.a : name === 'b' ? scores.b : [1, 2, 3, 4, 5],
  }));
  const refitted = refitProfile(profile, { rule: 'empirical-quantile' });
  expect(refitted.scoresFrom).toBe('crossFit');
  expect(refitted.rule).toMatch(/each by a fit without it/);
  expect(fitCuts(scores).rule).not.toMatch(/each by a fit/);
});

test('empirical quantile, by hand: the 10th of 10 for one in eleven, the 9th for one in five', () => {
  const heldOut = { a: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] };
  const at = (falseAlarmTarget: number) =>
    fitCuts(heldOut, { rule: 'empirical-quantile', falseAlarmTarget }).categories['a']?.threshold;
  expect(at(0.01)).toBeCloseTo(10, 5); // there is no rank for it: just above the highest
  expect(at(1 / 11)).toBeCloseTo(10, 5);
  expect(at(0.2)).toBeCloseTo(9, 5); // ceil(11 * 0.8) = 9
  expect(at(0.2)).toBeGreaterThan(9);
});

test('normal quantile, by hand', () => {
  const cuts = fitCuts({ a: [1, 2, 3, 4, 5] }, { rule: 'normal-quantile' });
  expect(cuts.categories['a']?.threshold).toBeCloseTo(3 + 2.326348 * Math.sqrt(2.5), 4);
});

describe('the shared spread', () => {
  test('digamma, trigamma and its inverse have their known values', () => {
    expect(digamma(1)).toBeCloseTo(-0.5772156649, 9);
    expect(digamma(0.5)).toBeCloseTo(-1.963510026, 9);
    expect(trigamma(1)).toBeCloseTo(Math.PI ** 2 / 6, 9);
    expect(trigamma(0.5)).toBeCloseTo(Math.PI ** 2 / 2, 9);
    for (const x of [0.01, 0.7, 3, 50]) expect(inverseTrigamma(trigamma(x))).toBeCloseTo(x, 6);
  });

  test('equal true spreads are shared, far apart ones are not, and one group keeps its own', () => {
    const alike = [2.1, 1.9, 2, 2.05].map((variance) => ({ n: 5, variance }));
    // As many degrees as there are, not as the prior would have.
    expect(sharedSpread(alike)(50, 4)).toEqual({
      variance: expect.closeTo(2.0125, 9),
      degrees: 16,
    });
    const apart = [1e-6, 1, 1e6].map((variance) => ({ n: 30, variance }));
    const own = sharedSpread(apart)(4, 29);
    expect(own?.degrees).toBeLessThan(32);
    expect(own?.variance).toBeCloseTo(4, 0);
    expect(sharedSpread([{ n: 5, variance: 3 }])(3, 4)).toEqual({ variance: 3, degrees: 4 });
    expect(sharedSpread([])(0, 0)).toBeNull();
  });

  test('few held-out images: keeps the target, and the threshold is far lower than the bound alone', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const target = 0.05;
    const sum = { shared: 0, alone: 0 };
    let alarms = 0;
    const trials = 400;
    const random = lehmer(99);
    for (let trial = 0; trial < trials; trial += 1) {
      const heldOut = normalScores(trial + 1, 5, names);
      const shared = fitCuts(heldOut, { rule: 'shared-spread-bound', falseAlarmTarget: target });
      const alone = fitCuts(heldOut, { rule: 'prediction-bound', falseAlarmTarget: target });
      names.forEach((name, index) => {
        const threshold = shared.categories[name]?.threshold ?? Number.NaN;
        if (10 * index + gaussian(random) >= threshold) alarms += 1;
        sum.shared += threshold - 10 * index;
        sum.alone += (alone.categories[name]?.threshold ?? Number.NaN) - 10 * index;
      });
    }
    expect(alarms / (trials * names.length)).toBeLessThan(0.06);
    expect(alarms / (trials * names.length)).toBeGreaterThan(0.025);
    expect(sum.shared).toBeLessThan(0.95 * sum.alone);
  });
});

describe('the uncertain band', () => {
  test('lies below the threshold, at the laxer target', () => {
    const heldOut = normalScores(3, 40, ['a']);
    for (const rule of THRESHOLD_RULES) {
      const cuts = fitCuts(heldOut, { rule, falseAlarmTarget: 0.01, uncertainTarget: 0.1 });
      const { threshold, uncertainThreshold = Number.NaN } = cuts.categories['a'] ?? {
        threshold: 0,
      };
      expect(uncertainThreshold).toBeLessThan(threshold);
      expect(cuts.rule).toContain('0.1');
    }
  });

  test('vanishes where the rule cannot tell the targets apart', () => {
    const cuts = fitCuts({ a: [1] }, { uncertainTarget: 0.1 });
    expect(cuts.categories['a']).not.toHaveProperty('uncertainThreshold');
  });

  test('a target that is not laxer is refused', () => {
    const refused = () => fitCuts({ a: [1, 2] }, { falseAlarmTarget: 0.05, uncertainTarget: 0.05 });
    expect(refused).toThrow(DomainError);
    expect(() => fitCuts({ a: [1, 2] }, { uncertainTarget: 1 })).toThrow(/target is 1/);
  });
});

test('refuses unusable scores naming the category, and rules that do not exist', () => {
  expect(() => fitCuts({ bolt: [1], cap: [] })).toThrow(/category cap/);
  expect(() => fitCuts({ bolt: [1, Number.NaN] })).toThrow(/category bolt is NaN/);
  expect(() => fitCuts({})).toThrow(DomainError);
  expect(parseThresholdRule('empirical-quantile')).toBe('empirical-quantile');
  expect(() => parseThresholdRule('best-f1')).toThrow(/named best-f1/);
});

test('refitting leaves a category without scores to the pooled threshold', () => {
  const one = (heldOutScores: number[]) => ({
    imageThreshold: 9,
    pixelThreshold: 1,
    heldOutScores,
  });
  const profile = {
    rule: 'Set by hand: x',
    falseAlarmTarget: null,
    pooled: one([1, 2]),
    categories: { a: one([1, 2]), b: one([]) },
  };
  expect(Object.keys(refitProfile(profile, {}).categories)).toEqual(['a']);
});

test('refitting takes the held-out scores and keeps the pixel thresholds', () => {
  const one = (heldOutScores: number[], pixelThreshold: number) => ({
    imageThreshold: 99,
    pixelThreshold,
    heldOutScores,
  });
  const profile = {
    rule: 'by hand',
    falseAlarmTarget: 0.5,
    pooled: one([1, 2, 3, 4], 7),
    categories: { a: one([1, 2], 8), b: one([3, 4], 9) },
  };
  const refitted = refitProfile(profile, { rule: 'empirical-quantile', uncertainTarget: 0.4 });
  expect(thresholdProfileSchema.parse(refitted)).toBeTruthy();
  expect(refitted.falseAlarmTarget).toBe(0.01);
  expect(refitted.categories['b']).toMatchObject({ pixelThreshold: 9, heldOutScores: [3, 4] });
  expect(refitted.categories['b']?.imageThreshold).toBeCloseTo(4, 5);
  expect(refitted.pooled).toMatchObject({ pixelThreshold: 7, heldOutScores: [1, 2, 3, 4] });
  expect(profile.categories.a.imageThreshold).toBe(99);
});
