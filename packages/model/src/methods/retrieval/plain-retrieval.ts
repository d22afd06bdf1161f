/** @file What retrieval's scores are, by plain loops over all patches and images of made-up features. */
import type { Executor } from '@plumbline/contracts';
import { expect } from 'vitest';
import { MADE_UP_IMAGES, MADE_UP_LEVELS, madeUpTokens, runMadeUp } from '../made-up-fit.ts';
import type { FittedMethod } from '../method.ts';

export const training = madeUpTokens(MADE_UP_IMAGES, 5);
export const seen = madeUpTokens(3, 9);
export const ALL = { images: 1000, window: null };

/** `[images][level]`: f32 `[images, P]`. */
export async function scoresOf(
  executor: Executor,
  fitted: FittedMethod,
  tokens: readonly Float32Array[],
) {
  const result = await runMadeUp(executor, fitted, tokens);
  return MADE_UP_LEVELS.map((_, level) => result[`scores${level}`]?.data as Float32Array);
}

export const patchesOf = (level: number) => MADE_UP_LEVELS[level]!.grid ** 2;

/** Tokens of some of the images. */
export function pick(tokens: readonly Float32Array[], images: readonly number[]): Float32Array[] {
  return tokens.map((values, level) => {
    const size = patchesOf(level) * MADE_UP_LEVELS[level]!.channels;
    return Float32Array.from(
      images.flatMap((image) => [...values.subarray(image * size, (image + 1) * size)]),
    );
  });
}

/** Σ of the variances of a level's channels over all patches of the training images. */
export function variance(values: Float32Array, channels: number): number {
  const count = values.length / channels;
  return Array.from({ length: channels }, (_, c) => {
    let [sum, squares] = [0, 0];
    for (let at = c; at < values.length; at += channels) {
      sum += values[at]!;
      squares += values[at]! ** 2;
    }
    return squares / count - (sum / count) ** 2;
  }).reduce((total, one) => total + one, 0);
}

/** `[own][theirs]` of the first image seen and a training image, in units of the variance. */
export function distancesTo(level: number, other: number): number[][] {
  const { channels } = MADE_UP_LEVELS[level]!;
  const count = patchesOf(level);
  const unit = variance(training[level]!, channels);
  const patch = (values: Float32Array, at: number) =>
    values.subarray(at * channels, (at + 1) * channels);
  return Array.from({ length: count }, (_, p) =>
    Array.from({ length: count }, (_, q) => {
      const [own, stored] = [patch(seen[level]!, p), patch(training[level]!, other * count + q)];
      return own.reduce((sum, value, c) => sum + (value - stored[c]!) ** 2, 0) / unit;
    }),
  );
}

/** The definition: the nearest of all patches of the images named, within a window, in units of the variance. */
export function nearest(
  level: number,
  tokens: readonly Float32Array[],
  options: { image: number; among: readonly number[]; reach?: number; cosine?: boolean },
): number[] {
  const { grid, channels } = MADE_UP_LEVELS[level]!;
  const { reach = grid, cosine = false } = options;
  const patch = (values: Float32Array, image: number, p: number) => {
    const start = (image * grid ** 2 + p) * channels;
    const own = values.subarray(start, start + channels);
    const norm = cosine ? Math.hypot(...own) : 1;
    return own.map((value) => value / norm);
  };
  const unit = cosine ? 2 : variance(training[level]!, channels);
  return Array.from({ length: grid ** 2 }, (_, p) => {
    const own = patch(tokens[level]!, options.image, p);
    let least = Number.POSITIVE_INFINITY;
    for (const other of options.among)
      for (let q = 0; q < grid ** 2; q++) {
        const rows = Math.abs(Math.floor(p / grid) - Math.floor(q / grid));
        if (Math.max(rows, Math.abs((p % grid) - (q % grid))) > reach) continue;
        const stored = patch(training[level]!, other, q);
        const distance = own.reduce((sum, value, c) => sum + (value - stored[c]!) ** 2, 0);
        least = Math.min(least, distance / unit);
      }
    return least;
  });
}

export const EVERYONE = Array.from({ length: MADE_UP_IMAGES }, (_, image) => image);

/** @param tolerance Relative to the largest: what float16 leaves of a distance. */
export function expectNear(actual: Float32Array, expected: readonly number[], tolerance = 2e-3) {
  expect(actual).toHaveLength(expected.length);
  const peak = Math.max(...expected);
  for (const [i, value] of expected.entries())
    expect(Math.abs(actual[i]! - value) / peak).toBeLessThan(tolerance);
}
