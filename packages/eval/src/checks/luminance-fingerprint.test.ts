/** @file The early end of a comparison changes no result: it only spares the work. */
import { expect, test } from 'vitest';
import { gaussian, lehmer } from '../testing/made-images.ts';
import { correlate, fingerprintOf } from './luminance-fingerprint.ts';

const random = lehmer(9);
const texture = () => Float32Array.from({ length: 1024 }, () => 100 + 9 * gaussian(random));

function pearson(a: Float32Array, b: Float32Array): number {
  const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / 1024;
  const [x, y] = [mean(a), mean(b)];
  let [products, squaresA, squaresB] = [0, 0, 0];
  for (let i = 0; i < 1024; i += 1) {
    products += (a[i]! - x) * (b[i]! - y);
    squaresA += (a[i]! - x) ** 2;
    squaresB += (b[i]! - y) ** 2;
  }
  return products / Math.sqrt(squaresA * squaresB);
}

test('fingerprints multiply to the correlation of their pictures, and give up only below the limit', () => {
  const original = texture();
  for (let i = 0; i < 50; i += 1) {
    const other = texture();
    const share = i / 49;
    const mixed = original.map((value, at) => share * value + (1 - share) * other[at]!);
    const [a, b] = [fingerprintOf(original), fingerprintOf(mixed)];
    const expected = pearson(original, mixed);
    expect(correlate(a, b, -1)).toBeCloseTo(expected, 4);
    const found = correlate(a, b, 0.8);
    if (expected > 0.801) expect(found).toBeCloseTo(expected, 4);
    if (expected < 0.799) expect(found).toBeNull();
  }
});

test('a picture of one level is like no other', () => {
  const blank = fingerprintOf(new Float32Array(1024).fill(7));
  expect(blank.contrast).toBe(0);
  expect(correlate(blank, fingerprintOf(texture()), -1)).toBe(0);
});
