/**
 * @file Features whitened before the network sees them. Most of what distinguishes one patch from another lies in directions
 * of little variance, which a mean square over raw channels hardly weighs; whitened, all directions count alike, in what
 * is learned and in the score. C channels, L tokens.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { tensor } from '@tensorflow/tfjs-core';
import { choleskyInPlace, invertLowerTriangle } from '../nn/cholesky.ts';
import { linear } from '../nn/layers.ts';
import type { FeatureSource } from './method.ts';

/** x' = W·(x − mean), and back. */
export interface Whitening {
  /** f32 `[C]`. */
  readonly mean: Float32Array;
  /** W, f32 `[C, C]`, lower triangular. */
  readonly weight: Float32Array;
  /** W⁻¹, f32 `[C, C]`. */
  readonly inverse: Float32Array;
}

/** Added to every variance, as a share of their mean: what varies less is taken for noise. */
const FLOOR = 0.01;
/** Multiplications that the covariance may take. */
const MOST_WORK = 2e9;
/** Where all tokens of so many are too much work, there are fewer tokens of each: four images each of 30 categories. */
const LEAST_IMAGES = 128;

export interface WhiteningOptions {
  readonly features: FeatureSource;
  readonly level: number;
  readonly grid: number;
  readonly channels: number;
}

/** Of evenly spread training images; the whitened channels have variance 1 on average. */
export function whiteningOf({ features, level, grid, channels }: WhiteningOptions): Whitening {
  const moments = new Moments(channels);
  const values = new Float32Array(grid ** 2 * channels);
  const { images, stride } = takenTokens(features.count, { grid, channels });
  for (const [slot, image] of images.entries()) {
    features.read(level, Int32Array.of(image), values);
    // Another first token in each image: a stride that divides the grid's side would only see some columns.
    moments.add(values, { first: slot % stride, stride });
  }
  return moments.whitening();
}

/** Of evenly spread images, in whose order categories follow each other: all tokens, or every so many of enough images. */
function takenTokens(
  count: number,
  { grid, channels }: Pick<WhiteningOptions, 'grid' | 'channels'>,
): { readonly images: readonly number[]; readonly stride: number } {
  const tokens = MOST_WORK / channels ** 2;
  const whole = Math.max(1, Math.floor(tokens / grid ** 2));
  const taken = Math.min(count, Math.max(whole, LEAST_IMAGES));
  const images = Array.from({ length: taken }, (_, i) => Math.floor((i * count) / taken));
  const stride = Math.ceil((taken * grid ** 2) / Math.max(tokens, whole * grid ** 2));
  return { images, stride: Math.min(grid ** 2, stride) };
}

/** Sums of x and of the lower triangle of x·xᵀ, in float64. */
class Moments {
  readonly #size: number;
  readonly #sums: Float64Array;
  readonly #products: Float64Array;
  #count = 0;

  constructor(size: number) {
    this.#size = size;
    this.#sums = new Float64Array(size);
    this.#products = new Float64Array(size * size);
  }

  /** @param values f32 `[tokens, C]`, of which every so many are taken. */
  add(
    values: Float32Array,
    { first, stride }: { readonly first: number; readonly stride: number },
  ): void {
    const size = this.#size;
    for (let start = first * size; start < values.length; start += stride * size) {
      const x = values.subarray(start, start + size);
      for (let row = 0; row < size; row++) {
        const value = x[row]!;
        const products = this.#products.subarray(row * size, row * size + row + 1);
        this.#sums[row]! += value;
        for (let column = 0; column <= row; column++) products[column]! += value * x[column]!;
      }
      this.#count++;
    }
  }

  /** Σ + floor = L·Lᵀ, W = L⁻¹ times what makes the mean variance 1. */
  whitening(): Whitening {
    const size = this.#size;
    const mean = this.#sums.map((sum) => sum / this.#count);
    const factor = this.#products.map((product, at) => {
      const [row, column] = [Math.floor(at / size), at % size];
      return product / this.#count - mean[row]! * mean[column]!;
    });
    let trace = 0;
    for (let i = 0; i < size; i++) trace += factor[i * size + i]!;
    const floor = Math.max((FLOOR * trace) / size, 1e-12);
    for (let i = 0; i < size; i++) factor[i * size + i]! += floor;
    choleskyInPlace(factor, size);
    const inverse = invertLowerTriangle(factor, size);
    // The trace of L⁻¹·Σ·L⁻ᵀ: what the floor has taken from 1 a channel.
    const lost = inverse.reduce((sum, value) => sum + value * value, 0) * floor;
    const scale = 1 / Math.sqrt(Math.max((size - lost) / size, 1e-2));
    return {
      mean: Float32Array.from(mean),
      weight: Float32Array.from(inverse, (value) => value * scale),
      inverse: Float32Array.from(factor, (value, at) =>
        at % size > Math.floor(at / size) ? 0 : value / scale,
      ),
    };
  }
}

/** @param tokens f32 `[N, L, C]`. */
export function whitened(tokens: Tensor, whitening: Whitening | null): Tensor {
  if (whitening === null) return tokens;
  const { mean, weight } = whitening;
  const size = mean.length;
  const bias = mean.map((_, row) => {
    let sum = 0;
    for (let column = 0; column <= row; column++)
      sum -= weight[row * size + column]! * mean[column]!;
    return sum;
  });
  return linear(tokens, tensor(weight, [size, size]), tensor(bias, [size]));
}

/** What `whitened` was made of. @param tokens f32 `[N, L, C]`. */
export function unwhitened(tokens: Tensor, whitening: Whitening | null): Tensor {
  if (whitening === null) return tokens;
  const { mean, inverse } = whitening;
  return linear(tokens, tensor(inverse, [mean.length, mean.length]), tensor(mean, [mean.length]));
}
