/** @file What makes patches of different levels comparable: a center and a variance per level, or unit length. */
import {
  div,
  maximum,
  mul,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
} from '@tensorflow/tfjs-core';
import type { RetrievalPlan } from './plan.ts';

/** Smaller norms are divided by this: a patch that is zero everywhere stays so. */
const SMALLEST_NORM = 1e-12;

export type LevelScale =
  /** (x − center) · factor. */
  | { readonly kind: 'scaled'; readonly center: Float32Array; readonly factor: number }
  /** x / ‖x‖. */
  | { readonly kind: 'cosine' };

/**
 * @param tokens f32 `[N, P, C]`.
 * @returns f32 `[N, P, C]`.
 */
export function comparablePatches(tokens: Tensor, scale: LevelScale): Tensor {
  if (scale.kind === 'cosine')
    return div(tokens, maximum(sqrt(sum(square(tokens), -1, true)), SMALLEST_NORM));
  return mul(sub(tokens, tensor(scale.center, [scale.center.length])), scale.factor);
}

/** The same for one patch, f32 `[C]`, written to `out`. */
export function comparable(patch: Float32Array, scale: LevelScale, out: Float32Array): void {
  if (scale.kind === 'cosine') {
    const norm = Math.max(Math.hypot(...patch), SMALLEST_NORM);
    for (const [c, value] of patch.entries()) out[c] = value / norm;
    return;
  }
  const { center, factor } = scale;
  for (let c = 0; c < patch.length; c++)
    out[c] = ((patch[c] as number) - (center[c] as number)) * factor;
}

/** Mean and variance of the patches of a level, image by image. */
export class LevelMoments {
  readonly #sums: Float64Array;
  #squares = 0;
  #patches = 0;

  constructor(channels: number) {
    this.#sums = new Float64Array(channels);
  }

  /** @param tokens f32 `[…, C]`. */
  add(tokens: Float32Array): void {
    const channels = this.#sums.length;
    let squares = 0;
    for (let start = 0; start < tokens.length; start += channels) {
      for (let c = 0; c < channels; c++) {
        const value = tokens[start + c] as number;
        this.#sums[c]! += value;
        squares += value * value;
      }
    }
    this.#squares += squares;
    this.#patches += tokens.length / channels;
  }

  /** After it, the squared distances of a level are in units of its variance, summed over channels. */
  scale(distance: RetrievalPlan['distance']): LevelScale {
    if (distance === 'cosine') return { kind: 'cosine' };
    const center = Float32Array.from(this.#sums, (sum) => sum / this.#patches);
    const variance =
      this.#squares / this.#patches - center.reduce((total, mean) => total + mean * mean, 0);
    return { kind: 'scaled', center, factor: 1 / Math.sqrt(Math.max(variance, SMALLEST_NORM)) };
  }
}
