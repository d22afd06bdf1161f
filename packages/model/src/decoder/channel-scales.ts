/** @file Mean and deviation of channels, so that levels and backbones of any magnitude look alike to the decoder. */
import type { ChannelScale } from './forward.ts';

/** A channel that never changes is left as it is. */
const SMALLEST_DEVIATION = 1e-6;

/** Sums of one level's channels, batch after batch. */
export class ChannelSums {
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;
  #rows = 0;

  constructor(channels: number) {
    this.#sums = new Float64Array(channels);
    this.#squares = new Float64Array(channels);
  }

  /** @param tokens f32 `[…, C]`. */
  add(tokens: Float32Array): void {
    const channels = this.#sums.length;
    for (let i = 0, c = 0; i < tokens.length; i++) {
      const value = tokens[i]!;
      this.#sums[c]! += value;
      this.#squares[c]! += value * value;
      c = c + 1 === channels ? 0 : c + 1;
    }
    this.#rows += tokens.length / channels;
  }

  scale(): ChannelScale {
    const mean = Float32Array.from(this.#sums, (sum) => sum / this.#rows);
    const deviation = Float32Array.from(this.#squares, (square, c) => {
      const variance = square / this.#rows - (this.#sums[c]! / this.#rows) ** 2;
      const value = Math.sqrt(Math.max(0, variance));
      return value < SMALLEST_DEVIATION ? 1 : value;
    });
    return { mean, deviation };
  }
}
