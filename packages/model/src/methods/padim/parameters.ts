/**
 * @file What PaDiM fits: a Gaussian at every position (Defard et al., arXiv 2011.08785, section III-B), of all images or of
 * those of a category, accumulated in float64 image by image, so that memory does not grow with their number. P
 * positions, D channels, G groups of images.
 */
import { choleskyInPlace, invertLowerTriangle } from '../../nn/cholesky.ts';

/** Bytes of the accumulated sums of a group. */
export function accumulatorBytes(positions: number, size: number): number {
  return 8 * positions * (size + triangle(size));
}

/** Numbers of a lower triangle. */
export function triangle(size: number): number {
  return (size * (size + 1)) / 2;
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
    this.#products = new Float64Array(positions * triangle(size));
    this.#counts = new Uint32Array(positions);
  }

  /** Of images; 0 before the first. */
  get images(): number {
    return this.#counts[0] ?? 0;
  }

  /** @param x `[D]`. */
  add(position: number, x: Float64Array): void {
    const size = this.#size;
    const sums = this.#sums;
    const products = this.#products;
    this.#counts[position]! += 1;
    let at = position * triangle(size);
    for (let row = 0; row < size; row++) {
      const value = x[row]!;
      sums[position * size + row]! += value;
      for (let column = 0; column <= row; column++) products[at++]! += value * x[column]!;
    }
  }

  /** μ f64 `[D]`. */
  meanOf(position: number): Float64Array {
    const size = this.#size;
    const images = this.#counts[position]!;
    return this.#sums.subarray(position * size, (position + 1) * size).map((sum) => sum / images);
  }

  /** @returns mean f64 `[D]`, and the scatter Σ(x − μ)(x − μ)ᵀ as a packed lower triangle f64 `[D·(D+1)/2]`. */
  momentsOf(position: number): Moments {
    const mean = this.meanOf(position);
    const images = this.#counts[position]!;
    const length = triangle(this.#size);
    const scatter = this.#products.slice(position * length, (position + 1) * length);
    let at = 0;
    for (let row = 0; row < this.#size; row++)
      for (let column = 0; column <= row; column++)
        scatter[at++]! -= images * mean[row]! * mean[column]!;
    return { mean, scatter, degrees: images - 1 };
  }
}

export interface Moments {
  readonly mean: Float64Array;
  readonly scatter: Float64Array;
  /** Of freedom: n − 1. */
  readonly degrees: number;
}

/** Scatter and degrees within all groups, at one position. */
export interface Within {
  readonly scatter: Float64Array;
  readonly degrees: number;
}

/** What a covariance is made of. */
export interface CovarianceTerms {
  /** S and f: of the group. */
  readonly own: Pick<Moments, 'scatter' | 'degrees'>;
  /** S_w and f_w. */
  readonly within: Within;
  /** w, in images: how much the group leans on all. */
  readonly shrinkage: number;
  /** ε. */
  readonly regularization: number;
}

/**
 * Σ = (S + w·S_w/f_w) / (f + w) + ε·I, the covariance of a group drawn towards the one within all groups as a prior of w
 * images is (Friedman, Regularized Discriminant Analysis, 1989).
 * @returns f64 `[D, D]`, lower triangle.
 */
export function covariance({
  own,
  within,
  shrinkage,
  regularization,
}: CovarianceTerms): Float64Array {
  const size = (Math.sqrt(8 * own.scatter.length + 1) - 1) / 2;
  const share = shrinkage === 0 ? 0 : shrinkage / atLeastOne(within.degrees);
  const degrees = atLeastOne(own.degrees + shrinkage);
  const matrix = new Float64Array(size * size);
  let at = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++, at++)
      matrix[row * size + column] =
        (own.scatter[at]! + (share === 0 ? 0 : share * within.scatter[at]!)) / degrees;
    matrix[row * size + row]! += regularization;
  }
  return matrix;
}

/** Of one image alone there is no covariance: Σ is then the regularization. */
export function atLeastOne(degrees: number): number {
  return degrees > 0 ? degrees : 1;
}

/**
 * L⁻¹ of a covariance Σ = L·Lᵀ, so that ‖L⁻¹·(x − μ)‖² is the squared Mahalanobis distance.
 * @param sigma f64 `[D, D]`, lower triangle; replaced by L.
 * @throws DomainError when the features are not finite.
 */
export function whiteningOf(sigma: Float64Array, size: number): Float64Array {
  choleskyInPlace(sigma, size);
  return invertLowerTriangle(sigma, size);
}

/** Of all groups at once: what each leans on. */
export function withinGroups(moments: readonly Moments[]): Within {
  const [first] = moments as [Moments, ...Moments[]];
  const scatter = new Float64Array(first.scatter.length);
  for (const own of moments)
    for (let i = 0; i < scatter.length; i++) scatter[i]! += own.scatter[i]!;
  return { scatter, degrees: moments.reduce((sum, { degrees }) => sum + degrees, 0) };
}
