import { describe, expect, it } from 'vitest';
import { choleskyInPlace, invertLowerTriangle } from '../../nn/cholesky.ts';
import { RandomStream } from '../../nn/random.ts';
import {
  accumulatorBytes,
  covariance,
  GaussianAccumulator,
  whiteningOf,
  withinGroups,
} from './parameters.ts';

/** Mean, and W = L⁻ᵀ. */
function fitted(rows: readonly number[][], regularization: number) {
  const size = rows[0]!.length;
  const sums = new GaussianAccumulator(1, size);
  for (const row of rows) sums.add(0, Float64Array.from(row));
  const own = sums.momentsOf(0);
  const sigma = covariance({ own, within: withinGroups([own]), shrinkage: 0, regularization });
  const inverse = whiteningOf(sigma, size);
  const whitening = inverse.map((_, i) => inverse[(i % size) * size + Math.floor(i / size)]!);
  return { mean: own.mean, whitening };
}

/** W·Wᵀ. */
function precision({ whitening }: ReturnType<typeof fitted>, size: number): number[] {
  return Array.from({ length: size * size }, (_, i) => {
    const [row, column] = [Math.floor(i / size), i % size];
    let sum = 0;
    for (let k = 0; k < size; k++)
      sum += whitening[row * size + k]! * whitening[column * size + k]!;
    return sum;
  });
}

describe('GaussianAccumulator', () => {
  it('gives the mean and the inverse covariance computed by hand', () => {
    // Mean (2, 1). Deviations (−1, −1), (1, 1), (0, 0): covariance [[1, 1], [1, 1]] with N − 1 = 2; plus 1 on the
    // diagonal [[2, 1], [1, 2]], whose inverse is [[2, −1], [−1, 2]] / 3.
    const gaussians = fitted(
      [
        [1, 0],
        [3, 2],
        [2, 1],
      ],
      1,
    );
    expect([...gaussians.mean]).toEqual([2, 1]);
    const expected = [2 / 3, -1 / 3, -1 / 3, 2 / 3];
    for (const [i, value] of precision(gaussians, 2).entries())
      expect(value).toBeCloseTo(expected[i]!, 6);
    expect(gaussians.whitening[2]).toBe(0); // upper triangular
  });

  it('of one image has the regularization alone as covariance', () => {
    const gaussians = fitted([[5, -3]], 0.01);
    for (const [i, value] of precision(gaussians, 2).entries())
      expect(value).toBeCloseTo(i % 3 === 0 ? 100 : 0, 3);
  });

  it('keeps precision when the mean is large', () => {
    const rows = [[1e4], [1e4 + 0.1], [1e4 - 0.1]];
    expect(precision(fitted(rows, 0.01), 1)[0]).toBeCloseTo(1 / 0.02, 2);
  });

  it('refuses features that are not finite', () => {
    expect(() => fitted([[1], [Number.NaN]], 0.01)).toThrow(/not finite/);
  });

  it('says its bytes', () => {
    expect(accumulatorBytes(2, 3)).toBe(8 * 2 * (3 + 6));
  });
});

describe('covariance', () => {
  it('is drawn towards the one within all groups by as many images as asked for', () => {
    // Variances 4 of two images (f = 1, S = 4) and, within both groups, (4 + 6) / (1 + 3).
    const own = { scatter: Float64Array.of(4), degrees: 1 };
    const within = { scatter: Float64Array.of(10), degrees: 4 };
    const at = (shrinkage: number) =>
      covariance({ own, within, shrinkage, regularization: 0.5 })[0];
    expect(at(0)).toBeCloseTo(4 + 0.5, 12);
    expect(at(3)).toBeCloseTo((4 + 3 * 2.5) / (1 + 3) + 0.5, 12);
    expect(at(1e9)).toBeCloseTo(2.5 + 0.5, 6);
  });
});

describe('Cholesky factor', () => {
  it('times its transpose is the matrix, and times its inverse the identity', () => {
    const size = 7;
    const random = new Float32Array(size * size);
    RandomStream.from(1, 'matrix').fillNormal(random);
    const matrix = Float64Array.from({ length: size * size }, (_, i) => {
      let sum = Math.floor(i / size) === i % size ? 0.5 : 0;
      for (let k = 0; k < size; k++)
        sum += random[Math.floor(i / size) * size + k]! * random[(i % size) * size + k]!;
      return sum;
    });
    const lower = matrix.slice();
    choleskyInPlace(lower, size);
    const inverse = invertLowerTriangle(lower, size);
    for (let row = 0; row < size; row++) {
      for (let column = 0; column <= row; column++) {
        let product = 0;
        let unit = 0;
        for (let k = 0; k <= column; k++)
          product += lower[row * size + k]! * lower[column * size + k]!;
        for (let k = column; k <= row; k++)
          unit += lower[row * size + k]! * inverse[k * size + column]!;
        expect(product).toBeCloseTo(matrix[row * size + column]!, 10);
        expect(unit).toBeCloseTo(row === column ? 1 : 0, 10);
      }
    }
  });
});
