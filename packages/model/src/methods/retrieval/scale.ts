/**
 * @file What makes patches of different levels comparable: squared distances in units of the level's variance, or of
 * patches of unit length. What is stored of a patch depends on that patch alone, so that images can be added to a bank.
 */
import { div, maximum, sqrt, square, sum, type Tensor } from '@tensorflow/tfjs-core';
import type { RetrievalPlan } from './plan.ts';

/** Smaller norms are divided by this: a patch that is zero everywhere stays so. */
const SMALLEST_NORM = 1e-12;

type Distance = RetrievalPlan['distance'];

/**
 * @param tokens f32 `[N, P, C]`.
 * @returns f32 `[N, P, C]`: of unit length for the cosine, else as they are.
 */
export function comparablePatches(tokens: Tensor, distance: Distance): Tensor {
  if (distance === 'scaled') return tokens;
  return div(tokens, maximum(sqrt(sum(square(tokens), -1, true)), SMALLEST_NORM));
}

/** The same for one patch, f32 `[C]`, written to `out`. */
export function comparable(patch: Float32Array, distance: Distance, out: Float32Array): void {
  const norm = distance === 'scaled' ? 1 : Math.max(Math.hypot(...patch), SMALLEST_NORM);
  for (const [c, value] of patch.entries()) out[c] = value / norm;
}

/** What the moments of a level are made of: enough to go on with further images. */
export interface MomentSums {
  /** f64 `[C]`. */
  readonly sums: Float64Array;
  squares: number;
  patches: number;
}

/** Mean and variance of the patches of a level, image by image. */
export class LevelMoments {
  readonly #state: MomentSums;

  /** @param state Those of earlier images; it is changed. */
  constructor(state: MomentSums) {
    this.#state = state;
  }

  static ofNone(channels: number): LevelMoments {
    return new LevelMoments({ sums: new Float64Array(channels), squares: 0, patches: 0 });
  }

  get state(): MomentSums {
    return this.#state;
  }

  get mean(): Float64Array {
    return this.#state.sums.map((sum) => sum / this.#state.patches);
  }

  /** @param tokens f32 `[…, C]`. */
  add(tokens: Float32Array): void {
    const { sums } = this.#state;
    const channels = sums.length;
    for (let start = 0; start < tokens.length; start += channels) {
      // Summed patch by patch, so that it makes no difference to the last bit which images are read at once.
      let squares = 0;
      for (let c = 0; c < channels; c++) {
        const value = tokens[start + c] as number;
        sums[c]! += value;
        squares += value * value;
      }
      this.#state.squares += squares;
    }
    this.#state.patches += tokens.length / channels;
  }

  /** What squared distances are multiplied by: after it those of a level are in units of its variance, summed over channels. */
  factor(distance: Distance): number {
    // ‖x − m‖² of unit vectors is twice 1 − cos.
    return distance === 'cosine' ? 0.5 : Math.fround(1 / this.variance);
  }

  /** Summed over channels; above 0. */
  get variance(): number {
    const { squares, patches } = this.#state;
    const variance = squares / patches - this.mean.reduce((total, mean) => total + mean * mean, 0);
    return Math.max(variance, SMALLEST_NORM);
  }
}
