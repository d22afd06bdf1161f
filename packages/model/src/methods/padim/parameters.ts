/**
 * @file What PaDiM fits: a Gaussian at every position (Defard et al., arXiv 2011.08785, section III-B), accumulated
 * in float64 image by image, so that memory does not grow with their number. P positions, D channels.
 */
import { choleskyInPlace, invertLowerTriangle } from '../../nn/cholesky.ts';

export interface Gaussians {
  /** f32 `[P, D]`. */
  readonly mean: Float32Array;
  /** f32 `[P, D, D]`: the transposed inverse W of the Cholesky factor, so that Σ⁻¹ = W·Wᵀ. Upper triangular. */
  readonly whitening: Float32Array;
}

/** Bytes of the accumulated sums. */
export function accumulatorBytes(positions: number, size: number): number {
  return 8 * positions * (size + (size * (size + 1)) / 2);
}

/** Sums of x and of the lower triangle of x·xᵀ at every position. */
export class GaussianAccumulator {
  readonly #size: number;
  /** f64 `[P, D]`. */
  readonly #sums: Float64Array;
  /** f64 `[P, D·(D+1)/2]`, row by row. */
  readonly #products: Float64Array;
  readonly #counts: Uint32Array;

  constructor(positions: number, size: number) {
    this.#size = size;
    this.#sums = new Float64Array(positions * size);
    this.#products = new Float64Array((positions * size * (size + 1)) / 2);
    this.#counts = new Uint32Array(positions);
  }

  /** @param x `[D]`. */
  add(position: number, x: Float64Array): void {
    const size = this.#size;
    const sums = this.#sums;
    const products = this.#products;
    this.#counts[position]! += 1;
    let at = (position * size * (size + 1)) / 2;
    for (let row = 0; row < size; row++) {
      const value = x[row]!;
      sums[position * size + row]! += value;
      for (let column = 0; column <= row; column++) products[at++]! += value * x[column]!;
    }
  }

  /** @returns mean f64 `[D]`, and the lower triangle of the scatter Σ(x − μ)(x − μ)ᵀ f64 `[D, D]`. */
  momentsOf(position: number): { readonly mean: Float64Array; readonly scatter: Float64Array } {
    const size = this.#size;
    const count = this.#counts[position]!;
    const mean = this.#sums
      .subarray(position * size, (position + 1) * size)
      .map((sum) => sum / count);
    const scatter = new Float64Array(size * size);
    let at = (position * size * (size + 1)) / 2;
    for (let row = 0; row < size; row++)
      for (let column = 0; column <= row; column++)
        scatter[row * size + column] = this.#products[at++]! - count * mean[row]! * mean[column]!;
    return { mean, scatter };
  }

  /**
   * Writes mean and whitening of one position: Σ = (Σxxᵀ − n·μμᵀ)/(n − 1) + regularization·I = L·Lᵀ, W = L⁻ᵀ.
   * One image alone has no covariance: Σ is then the regularization.
   * @throws DomainError when the features are not finite.
   */
  finish(position: number, regularization: number, out: Gaussians): void {
    const size = this.#size;
    const { mean, scatter: factor } = this.momentsOf(position);
    const degrees = Math.max(1, this.#counts[position]! - 1);
    out.mean.set(mean, position * size);
    for (let row = 0; row < size; row++) {
      for (let column = 0; column <= row; column++) factor[row * size + column]! /= degrees;
      factor[row * size + row]! += regularization;
    }
    choleskyInPlace(factor, size);
    const inverse = invertLowerTriangle(factor, size);
    const start = position * size * size;
    for (let row = 0; row < size; row++)
      for (let column = 0; column <= row; column++)
        out.whitening[start + column * size + row] = inverse[row * size + column]!;
  }
}
