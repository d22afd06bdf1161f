/** @file PSI by hand, the Kolmogorov-Smirnov test against scipy, and states that neither cry wolf nor flap. */
import type { DriftState } from '@plumbline/contracts';
import { describe, expect, test } from 'vitest';
import { observedShare } from '../uncertainty/observed-share.ts';
import { categoryState, featureDrift } from './feature-drift.ts';
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts';
import { populationStabilityIndex } from './psi.ts';

/** A linear congruential generator, which the reference values were computed with in Python as well. */
function uniform(seed: number, count: number): number[] {
  let state = BigInt(seed);
  return Array.from({ length: count }, () => {
    state = (state * 1103515245n + 12345n) % 2147483648n;
    return Number(state) / 2147483648;
  });
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const times = (value: number, count: number) => new Array<number>(count).fill(value);

describe('population stability index', () => {
  test('four bins of five, by hand', () => {
    const sample = [...times(3, 5), ...times(8, 5), ...times(12, 5), ...times(18, 25)];
    // p = 5.5/22 each; q = 5.5/42 three times and 25.5/42.
    expect(populationStabilityIndex(upTo(20), sample)).toBeCloseTo(0.5478322714, 9);
    expect(populationStabilityIndex(upTo(20), upTo(20))).toBe(0);
  });

  test('values of a few kinds have a bin each, and others one of their own', () => {
    // p = 30.5/31 and 0.5/31, q the other way round.
    expect(populationStabilityIndex(times(640, 30), times(320, 30))).toBeCloseTo(7.95653005969, 9);
    expect(populationStabilityIndex(times(640, 30), times(640, 99))).toBeLessThan(0.02);
  });

  test('is undefined without images', () => {
    expect(() => populationStabilityIndex([], [1])).toThrow(RangeError);
    expect(() => populationStabilityIndex([1], [])).toThrow(RangeError);
  });
});

test('the Kolmogorov-Smirnov test gives what scipy 1.x’s ks_2samp(method="exact") gives', () => {
  const a = uniform(1, 20);
  const cases = [
    [a, uniform(2, 57).map((x) => x * 0.8 + 0.25), 0.28157894736842104, 0.1540155969218422],
    [a, uniform(3, 57), 0.14035087719298245, 0.8865690709037535],
    [uniform(4, 40), uniform(5, 500).map((x) => x + 0.1), 0.322, 0.0006604080509757805],
    [[1, 2, 3], [4, 5], 1, 0.2],
    [[1, 2, 2, 3], [2, 2, 4, 5, 6], 0.6, 0.2857142857142857],
  ] as const;
  for (const [x, y, statistic, pValue] of cases) {
    for (const found of [kolmogorovSmirnov(x, y), kolmogorovSmirnov(y, x)]) {
      expect(found.statistic).toBeCloseTo(statistic, 12);
      expect(found.pValue).toBeCloseTo(pValue, 10);
    }
  }
  expect(() => kolmogorovSmirnov([], [1])).toThrow(RangeError);
});

describe('drift of a feature', () => {
  const drift = (reference: number[], inspections: number[], before: DriftState | null = null) =>
    featureDrift({ feature: 'score', source: 'heldOut', reference, inspections, before });

  test('too few images: so many are missing', () => {
    expect(drift(uniform(1, 12), uniform(2, 49))).toMatchObject({
      ...{ state: 'notEnough', psi: null, pValue: null, referenceImages: 12, images: 49 },
      missing: { reference: 8, inspections: 1 },
    });
    const broken = [...uniform(2, 49), Number.NaN, Number.POSITIVE_INFINITY];
    expect(drift(uniform(1, 20), broken)).toMatchObject({ missing: { inspections: 1 } });
  });

  test('what has not changed is ok, however few images there are: less than 1 in 300 is warned of', () => {
    for (const [few, many] of [
      [20, 50],
      [40, 500],
      [200, 100],
    ] as const) {
      const warned = upTo(300).filter(
        (seed) => drift(uniform(seed, few), uniform(seed + 7_000_000, many)).state !== 'ok',
      );
      expect(warned.length, `${few} and ${many}`).toBeLessThanOrEqual(1);
    }
  });

  test('a shift is found, the larger the worse', () => {
    const [reference, now] = [uniform(1, 60), uniform(2, 300)];
    const shifted = (by: number) =>
      drift(
        reference,
        now.map((x) => x + by),
      );
    expect(shifted(0).state).toBe('ok');
    expect(shifted(0.5)).toMatchObject({ state: 'drifted', images: 300 });
    expect(shifted(0.5).psi).toBeGreaterThan(1);
    // Beyond all of the reference: still a number.
    expect(Number.isFinite(shifted(9).psi)).toBe(true);
    expect(drift(times(307_200, 40), times(76_800, 60)).state).toBe('drifted');
  });

  test('a state is left only well below where it was entered', () => {
    const reference = upTo(100);
    const sample = (extra: number) => [...upTo(100), ...upTo(100), ...times(100, extra)];
    const found = upTo(200).map((extra) => drift(reference, sample(extra)));
    const between = found.findIndex(({ psi }) => psi !== null && psi >= 0.09 && psi < 0.1);
    expect(between).toBeGreaterThan(0);
    const state = (before: DriftState) => drift(reference, sample(between + 1), before).state;
    expect([state('ok'), state('warning')]).toEqual(['ok', 'warning']);
  });
});

test('a category is as bad as its worst feature, and unknown without scores', () => {
  const score = (state: DriftState) => ({
    ...featureDrift({
      ...{ feature: 'score', source: 'heldOut', before: null },
      ...{ reference: [], inspections: [] },
    }),
    state,
  });
  const size = (state: DriftState) => ({ ...score(state), feature: 'size' as const });
  expect(categoryState([score('ok'), size('drifted')])).toBe('drifted');
  expect(categoryState([score('warning'), size('ok')])).toBe('warning');
  expect(categoryState([score('notEnough'), size('ok')])).toBe('notEnough');
  expect(categoryState([score('ok'), size('notEnough')])).toBe('ok');
});

test('a counted share has Wilson’s interval', () => {
  expect(observedShare(2, 20)?.low).toBeCloseTo(0.0278665, 5);
  expect(observedShare(2, 20)?.high).toBeCloseTo(0.3010336, 5);
  expect(observedShare(0, 10)).toMatchObject({ share: 0, low: 0 });
  expect(observedShare(0, 0)).toBeNull();
});
