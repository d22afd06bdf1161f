/** @file Properties of AUROC, AP and F1-max, checked against definitions written the slow way. */
import { DomainError } from '@plumbline/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { areaUnderRoc, averagePrecision, f1Max } from '../index.ts';

/** Scores with many ties and both signs; both classes present. */
const rankedSamples = fc
  .array(
    fc.record({ score: fc.integer({ min: -6, max: 6 }), label: fc.integer({ min: 0, max: 1 }) }),
    {
      minLength: 2,
      maxLength: 60,
    },
  )
  .filter((samples) => new Set(samples.map(({ label }) => label)).size === 2)
  .map((samples) => ({
    scores: Float32Array.from(samples, ({ score }) => score / 4),
    labels: Uint8Array.from(samples, ({ label }) => label),
  }));

function countAt(scores: Float32Array, labels: Uint8Array, threshold: number): [number, number] {
  let hits = 0;
  let alarms = 0;
  scores.forEach((score, i) => {
    if (score < threshold) return;
    if (labels[i] === 1) hits += 1;
    else alarms += 1;
  });
  return [hits, alarms];
}

test('AUROC is the share of pairs in order, ties counting one half', () => {
  fc.assert(
    fc.property(rankedSamples, ({ scores, labels }) => {
      let sum = 0;
      let pairs = 0;
      scores.forEach((high, i) => {
        scores.forEach((low, j) => {
          if (labels[i] !== 1 || labels[j] !== 0) return;
          pairs += 1;
          if (high > low) sum += 1;
          else if (high === low) sum += 0.5;
        });
      });
      expect(areaUnderRoc(scores, labels)).toBeCloseTo(sum / pairs, 12);
    }),
  );
});

test('AP and F1-max equal a walk over every distinct threshold', () => {
  fc.assert(
    fc.property(rankedSamples, ({ scores, labels }) => {
      const positives = labels.reduce((sum, label) => sum + label, 0);
      let ap = 0;
      let best = 0;
      let recallBefore = 0;
      for (const threshold of [...new Set(scores)].sort((a, b) => b - a)) {
        const [hits, alarms] = countAt(scores, labels, threshold);
        ap += (hits / positives - recallBefore) * (hits / (hits + alarms));
        recallBefore = hits / positives;
        best = Math.max(best, (2 * hits) / (2 * hits + alarms + positives - hits));
      }
      expect(averagePrecision(scores, labels)).toBeCloseTo(ap, 12);
      expect(f1Max(scores, labels)?.value).toBeCloseTo(best, 12);
    }),
  );
});

test('the F1-max threshold reaches the F1-max with >=', () => {
  fc.assert(
    fc.property(rankedSamples, ({ scores, labels }) => {
      const best = f1Max(scores, labels);
      const [hits, alarms] = countAt(scores, labels, best?.threshold ?? Number.NaN);
      const positives = labels.reduce((sum, label) => sum + label, 0);
      expect((2 * hits) / (hits + alarms + positives)).toBeCloseTo(best?.value ?? Number.NaN, 12);
    }),
  );
});

test('a strictly monotone map of the scores changes nothing', () => {
  fc.assert(
    fc.property(rankedSamples, ({ scores, labels }) => {
      const mapped = Float32Array.from(scores, (score) => Math.exp(score) * 1000 - 5);
      expect(areaUnderRoc(mapped, labels)).toBe(areaUnderRoc(scores, labels));
      expect(averagePrecision(mapped, labels)).toBe(averagePrecision(scores, labels));
      expect(f1Max(mapped, labels)?.value).toBe(f1Max(scores, labels)?.value);
    }),
  );
});

test('the order of samples changes nothing, and the inputs are left untouched', () => {
  fc.assert(
    fc.property(rankedSamples, ({ scores, labels }) => {
      const before = [...scores];
      const reversed = [scores.slice().reverse(), labels.slice().reverse()] as const;
      expect(areaUnderRoc(...reversed)).toBe(areaUnderRoc(scores, labels));
      expect(averagePrecision(...reversed)).toBe(averagePrecision(scores, labels));
      expect(f1Max(...reversed)).toEqual(f1Max(scores, labels));
      expect([...scores]).toEqual(before);
    }),
  );
});

test('swapping the classes gives 1 - AUROC', () => {
  fc.assert(
    fc.property(rankedSamples, ({ scores, labels }) => {
      const swapped = labels.map((label) => 1 - label);
      const sum = Number(areaUnderRoc(scores, labels)) + Number(areaUnderRoc(scores, swapped));
      expect(sum).toBeCloseTo(1, 12);
    }),
  );
});

test('perfect and inverted rankings', () => {
  const labels = Uint8Array.of(0, 0, 1, 1);
  const perfect = Float32Array.of(-2, -1, 0.5, 3);
  const inverted = Float32Array.of(4, 3, 2, 1);
  expect(areaUnderRoc(perfect, labels)).toBe(1);
  expect(averagePrecision(perfect, labels)).toBe(1);
  expect(f1Max(perfect, labels)).toEqual({ value: 1, threshold: 0.5 });
  expect(areaUnderRoc(inverted, labels)).toBe(0);
});

test('-0 and +0 are one score', () => {
  const scores = Float32Array.of(-0, 0);
  expect(areaUnderRoc(scores, Uint8Array.of(1, 0))).toBe(0.5);
  expect(areaUnderRoc(Float64Array.from(scores), Uint8Array.of(0, 1))).toBe(0.5);
});

describe.each([
  ['no positives', Uint8Array.of(0, 0)],
  ['no negatives', Uint8Array.of(1, 1)],
])('%s', (_, labels) => {
  test('is undefined', () => {
    const scores = Float32Array.of(1, 2);
    expect(areaUnderRoc(scores, labels)).toBeNull();
    expect(averagePrecision(scores, labels)).toBeNull();
    expect(f1Max(scores, labels)).toBeNull();
  });
});

test('no samples at all is undefined', () => {
  expect(areaUnderRoc(new Float32Array(0), new Uint8Array(0))).toBeNull();
});

test('refuses scores that are not finite, and lengths that differ', () => {
  const labels = Uint8Array.of(0, 1);
  expect(() => areaUnderRoc(Float32Array.of(1, Number.NaN), labels)).toThrow(DomainError);
  expect(() => f1Max(Float64Array.of(1, Number.POSITIVE_INFINITY), labels)).toThrow(/Score 1/);
  expect(() => averagePrecision(Float32Array.of(1), labels)).toThrow(/1 scores for 2 labels/);
});
