import { describe, expect, it } from 'vitest';
import { RandomStream } from './random.ts';
import { randomRotation } from './random-rotation.ts';

const rotationOf = (size: number, seed = 0) =>
  randomRotation(size, RandomStream.from(seed, 'rotation'));

/** By elimination with pivots. */
function determinant(matrix: ArrayLike<number>, size: number): number {
  const a = Float64Array.from(matrix);
  let result = 1;
  for (let step = 0; step < size; step++) {
    let pivot = step;
    for (let row = step; row < size; row++)
      if (Math.abs(a[row * size + step]!) > Math.abs(a[pivot * size + step]!)) pivot = row;
    for (let i = 0; i < size; i++)
      [a[step * size + i], a[pivot * size + i]] = [a[pivot * size + i]!, a[step * size + i]!];
    result *= (pivot === step ? 1 : -1) * a[step * size + step]!;
    for (let row = step + 1; row < size; row++) {
      const factor = a[row * size + step]! / a[step * size + step]!;
      for (let i = step; i < size; i++) a[row * size + i]! -= factor * a[step * size + i]!;
    }
  }
  return result;
}

describe('randomRotation', () => {
  it.each([2, 3, 4, 7, 16])('has orthonormal rows and determinant 1: %i', (size) => {
    const rotation = rotationOf(size);
    for (let a = 0; a < size; a++)
      for (let b = 0; b < size; b++) {
        let product = 0;
        for (let i = 0; i < size; i++) product += rotation[a * size + i]! * rotation[b * size + i]!;
        expect(product).toBeCloseTo(a === b ? 1 : 0, 6);
      }
    expect(determinant(rotation, size)).toBeCloseTo(1, 5);
  });

  it('prefers no direction, and is a function of the seed', () => {
    const size = 3;
    const means = new Float64Array(size * size);
    const squares = new Float64Array(size * size);
    const count = 3000;
    for (let seed = 0; seed < count; seed++)
      for (const [at, value] of rotationOf(size, seed).entries()) {
        means[at]! += value / count;
        squares[at]! += value ** 2 / count;
      }
    for (let at = 0; at < size * size; at++) {
      expect(Math.abs(means[at]!)).toBeLessThan(0.05);
      expect(Math.abs(squares[at]! - 1 / size)).toBeLessThan(0.05);
    }
    expect(rotationOf(5, 1)).toEqual(rotationOf(5, 1));
    expect(rotationOf(5, 1)).not.toEqual(rotationOf(5, 2));
  });
});
