/** @file The Cholesky factor of a covariance of features and its inverse, in float64. */
import { DomainError } from '@plumbline/contracts';

/**
 * Σ = L·Lᵀ; the lower triangle is replaced by L.
 * @param matrix f64 `[size, size]`, symmetric positive definite, lower triangle read.
 */
export function choleskyInPlace(matrix: Float64Array, size: number): void {
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * size + column]!;
      for (let k = 0; k < column; k++) sum -= matrix[row * size + k]! * matrix[column * size + k]!;
      if (column < row) matrix[row * size + column] = sum / matrix[column * size + column]!;
      else if (sum > 0) matrix[row * size + row] = Math.sqrt(sum);
      else
        throw new DomainError(
          'INVALID_INPUT',
          'The features of the training images are not finite.',
          {
            field: 'backbone',
            fix: 'Check the backbone file: its feature taps must be finite for these images.',
          },
        );
    }
  }
}

/** L⁻¹ of a lower triangle L, f64 `[size, size]`. */
export function invertLowerTriangle(lower: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    const diagonal = lower[row * size + row]!;
    const sums = inverse.subarray(row * size, (row + 1) * size);
    for (let k = 0; k < row; k++) {
      const factor = lower[row * size + k]!;
      for (let column = 0; column <= k; column++)
        sums[column]! -= factor * inverse[k * size + column]!;
    }
    for (let column = 0; column < row; column++) sums[column]! /= diagonal;
    sums[row] = 1 / diagonal;
  }
  return inverse;
}

/**
 * Solves L·y = b by forward substitution, in place.
 * @param lower f64 `[size·(size+1)/2]`: the lower triangle L, row by row.
 * @param b f64 `[size]`, becomes y.
 */
export function solveLowerTriangle(lower: Float64Array, b: Float64Array): void {
  let at = 0;
  for (let row = 0; row < b.length; row++) {
    let sum = b[row]!;
    for (let k = 0; k < row; k++) sum -= lower[at++]! * b[k]!;
    b[row] = sum / lower[at++]!;
  }
}
