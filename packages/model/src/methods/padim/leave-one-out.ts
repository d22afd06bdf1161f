/**
 * @file PaDiM's scores of training images by Gaussians without them, in closed form: taking one image out changes the
 * scatter of a position by a matrix of rank one (Sherman and Morrison, 1950), so that one factorization serves all images.
 * N images, P positions, D channels.
 */
import { choleskyInPlace, solveLowerTriangle } from '../../nn/cholesky.ts';
import type { GaussianAccumulator } from './parameters.ts';

/** The Gaussians of all positions without any one of the images, or without one that is there several times. */
export class LeftOutGaussians {
  readonly #size: number;
  readonly #count: number;
  readonly #copies: number;
  /** n': 1 where nothing would be left. */
  readonly #left: number;
  /** f64 `[P, D]`. */
  readonly #means: Float64Array;
  /** f64 `[P, D·(D+1)/2]`, row by row: L of S + ε(n' − 1)·I = L·Lᵀ, S the scatter of all n images. */
  readonly #factors: Float64Array;
  readonly #difference: Float64Array;

  /** @param of How many images there are, and how many of them are left out together: the same one. */
  constructor(
    positions: number,
    size: number,
    of: { readonly images: number; readonly copies: number },
  ) {
    this.#size = size;
    this.#count = of.images;
    this.#copies = of.copies;
    this.#left = Math.max(1, of.images - of.copies);
    this.#means = new Float64Array(positions * size);
    this.#factors = new Float64Array((positions * size * (size + 1)) / 2);
    this.#difference = new Float64Array(size);
  }

  /** @throws DomainError when the features are not finite. */
  factorize(position: number, sums: GaussianAccumulator, regularization: number): void {
    const size = this.#size;
    const { mean, scatter } = sums.momentsOf(position);
    this.#means.set(mean, position * size);
    const left = this.#left;
    for (let row = 0; row < size; row++)
      scatter[row * size + row]! += regularization * Math.max(1, left - 1);
    choleskyInPlace(scatter, size);
    let at = (position * size * (size + 1)) / 2;
    for (let row = 0; row < size; row++)
      for (let column = 0; column <= row; column++)
        this.#factors[at++] = scatter[row * size + column]!;
  }

  /**
   * The Mahalanobis distance of an image from the Gaussian of a position without it. With v = x − μ, m copies, n' = n − m:
   *
   *     S' = S − (n·m/n')·v·vᵀ,   x − μ' = (n/n')·v,   Σ' = S'/(n' − 1) + ε·I
   *     q = vᵀ·(S + ε(n' − 1)·I)⁻¹·v
   *     d² = (n' − 1)·(n/n')²·q / (1 − (n·m/n')·q)
   *
   * @param x `[D]`, one of those in the sums.
   */
  distance(position: number, x: Float64Array): number {
    const size = this.#size;
    const difference = this.#difference;
    for (let i = 0; i < size; i++) difference[i] = x[i]! - this.#means[position * size + i]!;
    const start = (position * size * (size + 1)) / 2;
    const factor = this.#factors.subarray(start, start + (size * (size + 1)) / 2);
    solveLowerTriangle(factor, difference);
    const q = difference.reduce((sum, value) => sum + value * value, 0);
    const [n, m, left] = [this.#count, this.#copies, this.#left];
    const remaining = Math.max(Number.EPSILON, 1 - ((n * m) / left) * q);
    return Math.sqrt((Math.max(1, left - 1) * (n / left) ** 2 * q) / remaining);
  }
}

/** Bytes of the factors and means. */
export function leftOutBytes(positions: number, size: number): number {
  return 8 * positions * (size + (size * (size + 1)) / 2);
}

/**
 * Finds byte-identical images by the sums of their features and of the squares: two others never agree to the last bit.
 */
export class CopyFinder {
  /** f64 `[N, 2]`. */
  readonly #sums: Float64Array;

  constructor(images: number) {
    this.#sums = new Float64Array(2 * images);
  }

  /** @param x `[D]`, of the next position of an image. */
  add(image: number, x: Float64Array): void {
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < x.length; i++) {
      sum += x[i]!;
      squares += x[i]! ** 2;
    }
    this.#sums[2 * image]! += sum;
    this.#sums[2 * image + 1]! += squares;
  }

  /** @returns `[N]`: how many times each image is there. */
  copies(): Int32Array {
    const keys = Array.from(
      { length: this.#sums.length / 2 },
      (_, image) => `${this.#sums[2 * image]}/${this.#sums[2 * image + 1]}`,
    );
    const counts = new Map<string, number>();
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
    return Int32Array.from(keys, (key) => counts.get(key) ?? 1);
  }
}
