/** @file The random part of a step: noise for the jitter, or which tokens are kept when masking. */
import type { RandomStream } from '../../nn/random.ts';
import { fillTabledNormal } from '../../nn/tabled-normal.ts';

export interface CorruptionOptions {
  readonly random: RandomStream;
  /** L: tokens of an image. */
  readonly tokens: number;
  /** p: share of each image's tokens that are touched. */
  readonly probability: number;
  /** Whether tokens are set to zero in place of being jittered. */
  readonly mask: boolean;
}

/**
 * Fills the input `noise` of the training step.
 * @param out Jitter: f32 `[N, L, C]`, standard normal, 0 for ⌊(1−p)·L⌋ tokens of each image. Masking: f32 `[N, L, 1]`,
 * 0 for ⌊p·L⌋ tokens of each image and 1 for the others.
 */
export function fillCorruption(
  options: CorruptionOptions,
  images: number,
  out: Float32Array,
): void {
  const { random, tokens, probability, mask } = options;
  if (mask) out.fill(1);
  else fillTabledNormal(random, out);
  const zeroed = Math.floor((mask ? probability : 1 - probability) * tokens);
  if (zeroed === 0) return;
  const width = out.length / (images * tokens);
  for (let image = 0; image < images; image++) {
    for (const token of random.permutation(tokens).subarray(0, zeroed)) {
      const start = (image * tokens + token) * width;
      out.fill(0, start, start + width);
    }
  }
}
