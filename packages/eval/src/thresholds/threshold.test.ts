/** @file The threshold rule and the false-alarm rate. */
import { DomainError } from '@plumbline/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitThreshold } from '../index.ts';
import { normalUpperQuantile, studentTUpperQuantile } from './student-t.ts';

// Tabulated: Abramowitz & Stegun table 26.10, and the normal limit.
test.each([
  [0.01, 1, 31.8205],
  [0.01, 2, 6.9646],
  [0.05, 3, 2.3534],
  [0.01, 9, 2.8214],
  [0.005, 10, 3.1693],
  [0.01, 29, 2.462],
  [0.01, 30, 2.4573],
  [0.05, 1000, 1.6464],
  [0.01, 200, 2.34514],
  [0.01, 201, 2.345],
  [0.01, 1_000_000, 2.32635],
  [0.01, Number.POSITIVE_INFINITY, 2.32635],
  [0.99, 9, -2.8214],
  [0.5, 4, 0],
])('Student t: upper %d of %d degrees of freedom is %d', (tail, degrees, expected) => {
  expect(studentTUpperQuantile(tail, degrees)).toBeCloseTo(expected, 4);
});

test.each([
  [0.5, 0],
  [0.1, 1.2815516],
  [0.01, 2.3263479],
  [1e-4, 3.7190165],
  [1e-12, 7.0344838],
  [0.99, -2.3263479],
])('normal: upper %d is %d', (tail, expected) => {
  expect(normalUpperQuantile(tail)).toBeCloseTo(expected, 5);
});

const scores = fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), {
  minLength: 1,
  maxLength: 40,
});

describe('fitThreshold', () => {
  test('is the prediction bound, by hand', () => {
    // Mean 3, sd sqrt(2.5), t(4, 0.99) = 3.74695
    const expected = 3 + 3.746947 * Math.sqrt(2.5) * Math.sqrt(1.2);
    expect(fitThreshold([1, 2, 3, 4, 5])).toBeCloseTo(expected, 5);
  });

  test('is above the mean, and one odd score among many does not decide', () => {
    fc.assert(
      fc.property(scores, fc.constantFrom(0.001, 0.01, 0.2), (heldOut, target) => {
        const mean = heldOut.reduce((sum, score) => sum + score, 0) / heldOut.length;
        expect(fitThreshold(heldOut, target)).toBeGreaterThan(mean);
      }),
    );
    const usual = Array.from({ length: 30 }, (_, i) => 50 + (i % 7));
    expect(fitThreshold([...usual, 100])).toBeLessThan(80);
  });

  test('falls as the target rises, and does not depend on the order', () => {
    fc.assert(
      fc.property(scores, (heldOut) => {
        expect(fitThreshold(heldOut, 0.001)).toBeGreaterThanOrEqual(fitThreshold(heldOut, 0.05));
        const reversed = fitThreshold([...heldOut].reverse());
        const threshold = fitThreshold(heldOut);
        expect((reversed - threshold) / (Math.abs(threshold) + 1e-9)).toBeCloseTo(0, 6);
      }),
    );
  });

  test('one held-out score, or equal ones: just above', () => {
    for (const score of [5, 0, -5]) {
      const threshold = fitThreshold([score]);
      expect(threshold).toBeGreaterThan(score);
      expect(threshold).toBeCloseTo(score, 5);
      expect(fitThreshold([score, score, score])).toBe(threshold);
      expect(Math.fround(threshold)).toBe(threshold);
    }
  });

  test('a further normal score is an alarm about as often as targeted', () => {
    let state = 1;
    const random = () => {
      state = (state * 48_271) % 2_147_483_647; // Park & Miller's generator
      return state / 2_147_483_647;
    };
    const gaussian = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
    let alarms = 0;
    const trials = 5000;
    for (let trial = 0; trial < trials; trial += 1) {
      const heldOut = Array.from({ length: 10 }, gaussian);
      if (gaussian() >= fitThreshold(heldOut, 0.05)) alarms += 1;
    }
    // The highest of ten scores often lies above the bound, so the rate stays somewhat below the target.
    expect(alarms / trials).toBeGreaterThan(0.025);
    expect(alarms / trials).toBeLessThan(0.055);
  });

  test('refuses no scores, scores that are not finite, and targets that are no share', () => {
    expect(() => fitThreshold([])).toThrow(DomainError);
    expect(() => fitThreshold([1, Number.NaN])).toThrow(/score 1 is NaN/);
    expect(() => fitThreshold([1e300])).toThrow(DomainError);
    expect(() => fitThreshold([1, 2], 0)).toThrow(/target is 0/);
    expect(() => fitThreshold([1, 2], 1)).toThrow(DomainError);
  });
});
