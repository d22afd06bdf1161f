/**
 * @file PaDiM's scores of training images by Gaussians without them, in closed form: taking one image out changes the
 * scatter of a position by a matrix of rank one (Sherman and Morrison, 1950), so that one factorization serves all images. P
 * positions, D channels.
 */
import { choleskyInPlace, solveLowerTriangle } from '../../nn/cholesky.ts';
import {
  atLeastOne,
  covariance,
  type GaussianAccumulator,
  triangle,
  type Within,
} from './parameters.ts';

/** All Gaussians, of every group. */
export interface FittedSums {
  readonly groups: readonly GaussianAccumulator[];
  /** At each position. */
  readonly within: readonly Within[];
  readonly positions: number;
  readonly size: number;
  readonly shrinkage: number;
  readonly regularization: number;
}

/** Which images are scored together. */
export interface LeftOut {
  /** Whose Gaussians score them. */
  readonly group: number;
  /** Whether they are of this group. */
  readonly isOwn: boolean;
  /** m: how many times each is there. */
  readonly copies: number;
  /** Whether their group has no other images: it is then missing from what is within groups. */
  readonly isAlone: boolean;
}

/** A group's Gaussians at all positions, as they are without any one of some images. */
export class LeftOutGaussians {
  readonly #sums: FittedSums;
  readonly #left: LeftOut;
  /** f64 `[P, D·(D+1)/2]`, row by row: L of A = (f' + w)·Σ = L·Lᵀ, still with the image's own part of the scatter. */
  readonly #factors: Float64Array;
  /** f64 `[P, D]`: μ of the group that scores. */
  readonly #means: Float64Array;
  /** f64 `[P]`: f' + w, and β, what an image's scatter counts in A. */
  readonly #degrees: Float64Array;
  readonly #shares: Float64Array;

  constructor(sums: FittedSums, left: LeftOut) {
    const { positions, size } = sums;
    this.#sums = sums;
    this.#left = left;
    this.#factors = new Float64Array(positions * triangle(size));
    this.#means = new Float64Array(positions * size);
    this.#degrees = new Float64Array(positions);
    this.#shares = new Float64Array(positions);
  }

  /** @throws DomainError when the features are not finite. */
  factorize(position: number): void {
    const { groups, size, shrinkage, regularization } = this.#sums;
    const { group, isOwn, copies, isAlone } = this.#left;
    const own = (groups[group] as GaussianAccumulator).momentsOf(position);
    const within = this.#sums.within[position] as Within;
    const terms = {
      own: {
        scatter: own.scatter,
        degrees: isOwn ? Math.max(0, own.degrees - copies) : own.degrees,
      },
      within: {
        scatter: within.scatter,
        degrees: within.degrees - copies + (isAlone ? 1 : 0),
      },
      ...{ shrinkage, regularization },
    };
    const degrees = atLeastOne(terms.own.degrees + shrinkage);
    const factor = covariance(terms).map((value) => value * degrees);
    choleskyInPlace(factor, size);
    let at = position * triangle(size);
    for (let row = 0; row < size; row++)
      for (let column = 0; column <= row; column++)
        this.#factors[at++] = factor[row * size + column]!;
    this.#means.set(own.mean, position * size);
    this.#degrees[position] = degrees;
    this.#shares[position] =
      (isOwn ? 1 : 0) + (shrinkage === 0 ? 0 : shrinkage / atLeastOne(terms.within.degrees));
  }

  /**
   * The Mahalanobis distance of an image from the Gaussian of a position without it. With z = x − μ of its group (n images,
   * n' = n − m without it), and A as factorized:
   *
   *     A' = A − β·(n·m/n')·z·zᵀ
   *     y = x − μ',  of the image's own group (n/n')·z
   *     d² = (f' + w)·(yᵀA⁻¹y + β·h² / (n'/(n·m) − β·g)),   g = zᵀA⁻¹z,   h = zᵀA⁻¹y
   *
   * @param x f64 `[D]`, one of those in the sums.
   * @param own Of the image's group.
   */
  distance(position: number, x: Float64Array, own: GaussianAccumulator): number {
    const { isOwn, copies } = this.#left;
    const [n, left] = [own.images, Math.max(1, own.images - copies)];
    const size = this.#sums.size;
    const mean = this.#means.subarray(position * size, (position + 1) * size);
    const z = this.#whiten(position, x, isOwn ? mean : own.meanOf(position));
    const y = isOwn ? z.map((value) => (n / left) * value) : this.#whiten(position, x, mean);
    const [share, degrees] = [this.#shares[position]!, this.#degrees[position]!];
    // Where nothing else of its group is left, z is 0.
    const rest = Math.max(Number.EPSILON, left / (n * copies) - share * dot(z, z));
    return Math.sqrt(degrees * (dot(y, y) + (share * dot(z, y) ** 2) / rest));
  }

  /** L⁻¹·(x − μ), f64 `[D]`. */
  #whiten(position: number, x: Float64Array, mean: Float64Array): Float64Array {
    const length = triangle(this.#sums.size);
    const factor = this.#factors.subarray(position * length, (position + 1) * length);
    const out = x.map((value, i) => value - mean[i]!);
    solveLowerTriangle(factor, out);
    return out;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Bytes of the factors and means. */
export function leftOutBytes(positions: number, size: number): number {
  return 8 * positions * (size + 2 + triangle(size));
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

  /** @returns `[N]`: a number of each image, the same for copies. */
  pictures(): Int32Array {
    const numbers = new Map<string, number>();
    return Int32Array.from({ length: this.#sums.length / 2 }, (_, image) => {
      const key = `${this.#sums[2 * image]}/${this.#sums[2 * image + 1]}`;
      const number = numbers.get(key) ?? numbers.size;
      numbers.set(key, number);
      return number;
    });
  }
}
