/** @file Retrieval fitted to made-up features: the exported graph against plain loops over all patches and images. */
import type { Executor, GivenSettings } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { createEagerExecutor } from '../../eager/index.ts';
import {
  MADE_UP_IMAGES,
  MADE_UP_LEVELS,
  madeUpFit,
  madeUpTokens,
  runMadeUp,
} from '../made-up-fit.ts';
import type { FitOptions, FittedMethod } from '../method.ts';
import { retrieval } from './retrieval.ts';

const training = madeUpTokens(MADE_UP_IMAGES, 5);
const seen = madeUpTokens(3, 9);
const ALL = { images: 1000, window: null };
let executor: Executor;
beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
});

/** All patches count alike unless the settings say otherwise. */
function fitTo(given: GivenSettings, extra: Partial<FitOptions> = {}, tokens = training) {
  const settings = { localScale: 0, ...given };
  return retrieval.fit(madeUpFit(executor, tokens, { ...extra, settings }));
}

/** `[images][level]`: f32 `[images, P]`. */
async function scoresOf(fitted: FittedMethod, tokens: readonly Float32Array[]) {
  const result = await runMadeUp(executor, fitted, tokens);
  return MADE_UP_LEVELS.map((_, level) => result[`scores${level}`]?.data as Float32Array);
}

const patchesOf = (level: number) => MADE_UP_LEVELS[level]!.grid ** 2;

/** Tokens of some of the images. */
function pick(tokens: readonly Float32Array[], images: readonly number[]): Float32Array[] {
  return tokens.map((values, level) => {
    const size = patchesOf(level) * MADE_UP_LEVELS[level]!.channels;
    return Float32Array.from(
      images.flatMap((image) => [...values.subarray(image * size, (image + 1) * size)]),
    );
  });
}

/** Σ of the variances of a level's channels over all patches of the training images. */
function variance(values: Float32Array, channels: number): number {
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
function distancesTo(level: number, other: number): number[][] {
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
function nearest(
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

const EVERYONE = Array.from({ length: MADE_UP_IMAGES }, (_, image) => image);

/** @param tolerance Relative to the largest: what float16 leaves of a distance. */
function expectNear(actual: Float32Array, expected: readonly number[], tolerance = 2e-3) {
  expect(actual).toHaveLength(expected.length);
  const peak = Math.max(...expected);
  for (const [i, value] of expected.entries())
    expect(Math.abs(actual[i]! - value) / peak).toBeLessThan(tolerance);
}

describe('compared with every image, and anywhere', () => {
  it('is plain k-NN, each level by itself', async () => {
    const fitted = await fitTo(ALL);
    expect(fitted.map).toEqual({ grids: [8, 4], alignCorners: false, smoothed: true });
    const scores = await scoresOf(fitted, seen);
    for (const level of [0, 1])
      for (const image of [0, 1, 2]) {
        const own = scores[level]!.subarray(
          image * patchesOf(level),
          (image + 1) * patchesOf(level),
        );
        expectNear(own, nearest(level, seen, { image, among: EVERYONE }));
      }
  });

  it('is 1 − cosine where that is asked for', async () => {
    const scores = await scoresOf(await fitTo({ ...ALL, distance: 'cosine' }), seen);
    for (const level of [0, 1])
      expectNear(
        scores[level]!.subarray(0, patchesOf(level)),
        nearest(level, seen, { image: 0, among: EVERYONE, cosine: true }),
      );
  });

  it.each(['scaled', 'cosine'])('gives a stored image 0: %s', async (distance) => {
    const fitted = await fitTo({ ...ALL, distance });
    const [stored, other] = [await scoresOf(fitted, training), await scoresOf(fitted, seen)];
    for (const level of [0, 1])
      expect(Math.max(...stored[level]!) / Math.max(...other[level]!)).toBeLessThan(1e-4);
  });
});

/** Images that resemble each other in threes: 0–2, 3–5, … */
const clustered = training.map((values, level) => {
  const size = patchesOf(level) * MADE_UP_LEVELS[level]!.channels;
  return values.map((value, i) => {
    const cluster = Math.floor(i / size / 3);
    return value + 3 * Math.sin(cluster * 37 + (i % MADE_UP_LEVELS[level]!.channels) * 1.7);
  });
});

it('compares an image with those that it resembles most alone', async () => {
  const fitted = await fitTo({ images: 3, window: null }, {}, clustered);
  const near = pick(clustered, [7]).map((values) => values.map((value, i) => value + Math.sin(i)));
  const scores = await scoresOf(fitted, near);
  const alone = await fitTo(
    ALL,
    { features: { ...madeUpFit(executor, pick(clustered, [6, 7, 8])).features, count: 3 } },
    pick(clustered, [6, 7, 8]),
  );
  const expected = await scoresOf(alone, near);
  // Both scale by the variance of what they were fitted to, so compare shapes.
  for (const level of [0, 1]) {
    const ratios = scores[level]!.map((score, p) => score / expected[level]![p]!);
    expect(Math.max(...ratios) / Math.min(...ratios)).toBeLessThan(1.01);
  }
});

it.each([0, 1, 2])('finds a match within a window of %i only', async (window) => {
  const scores = await scoresOf(await fitTo({ images: 1000, window }), seen);
  for (const level of [0, 1]) {
    const reach = level === 0 ? window : Math.ceil(window / 2);
    const own = scores[level]!.subarray(0, patchesOf(level));
    expectNear(own, nearest(level, seen, { image: 0, among: EVERYONE, reach }));
  }
});

it('does not change with the order of the training images', async () => {
  const settings = { images: 4, window: 1 };
  const order = EVERYONE.map((image) => (image * 7 + 3) % MADE_UP_IMAGES);
  const scores = await scoresOf(await fitTo(settings), seen);
  const permuted = await scoresOf(await fitTo(settings, {}, pick(training, order)), seen);
  for (const level of [0, 1]) expectNear(permuted[level]!, [...scores[level]!], 1e-5);
});

it('knows a further image once it is fitted to it, and scores others no higher', async () => {
  const without = await scoresOf(await fitTo({ images: 1000 }), pick(seen, [0, 1]));
  const more = training.map((values, level) =>
    Float32Array.from([...values, ...pick(seen, [0])[level]!]),
  );
  const { features } = madeUpFit(executor, more);
  const grown = await fitTo(
    { images: 1000 },
    { features: { ...features, count: MADE_UP_IMAGES + 1 } },
    more,
  );
  const scores = await scoresOf(grown, pick(seen, [0, 1]));
  for (const level of [0, 1]) {
    const [count, peak] = [patchesOf(level), Math.max(...without[level]!)];
    expect(Math.max(...scores[level]!.subarray(0, count)) / peak).toBeLessThan(1e-4);
    for (let p = count; p < 2 * count; p++)
      expect(scores[level]![p]! / peak).toBeLessThan(without[level]![p]! / peak + 0.02);
  }
});

it('gives an image the same scores alone and in a batch, to the last bit', async () => {
  for (const settings of [
    { images: 5 },
    { images: 5, window: 1 },
    { images: 5, localScale: 0.7 },
  ]) {
    const fitted = await fitTo(settings);
    const together = await scoresOf(fitted, seen);
    for (const image of [0, 1, 2]) {
      const alone = await scoresOf(fitted, pick(seen, [image]));
      for (const level of [0, 1]) {
        const count = patchesOf(level);
        expect(together[level]!.slice(image * count, (image + 1) * count)).toEqual(alone[level]);
      }
    }
  }
});

describe('distances in units of what is usual where they are measured to', () => {
  const SHARE = 0.6;
  /** Of `training`, one patch of one image after the other: what it is multiplied by. */
  function weights(level: number): number[] {
    const { grid } = MADE_UP_LEVELS[level]!;
    const distances = EVERYONE.map((image) =>
      nearest(level, training, { image, among: EVERYONE.filter((other) => other !== image) }),
    );
    const usual = distances.flat().reduce((a, b) => a + b) / distances.flat().length;
    return distances.flatMap((own) =>
      own.map((_, p) => {
        const around = own.filter((_, q) => {
          const rows = Math.abs(Math.floor(p / grid) - Math.floor(q / grid));
          return Math.max(rows, Math.abs((p % grid) - (q % grid))) <= 1;
        });
        const mean = around.reduce((a, b) => a + b) / around.length;
        return usual / ((1 - SHARE) * usual + SHARE * mean);
      }),
    );
  }

  it.each([null, 1])('are the least of the scaled ones, window %s', async (window) => {
    const fitted = await fitTo({ ...ALL, window, localScale: SHARE });
    const scores = await scoresOf(fitted, seen);
    // The coarse level alone: plain loops over all pairs of patches take their time.
    for (const level of window === null ? [1] : []) {
      const count = patchesOf(level);
      const scale = weights(level);
      const expected = Array.from({ length: count }, () => Number.POSITIVE_INFINITY);
      for (const other of EVERYONE)
        for (const [p, row] of distancesTo(level, other).entries())
          for (const [q, distance] of row.entries())
            expected[p] = Math.min(expected[p]!, distance * scale[other * count + q]!);
      expectNear(scores[level]!.subarray(0, count), expected, 4e-3);
    }
    const stored = await scoresOf(fitted, training);
    for (const level of [0, 1])
      expect(Math.max(...stored[level]!) / Math.max(...scores[level]!)).toBeLessThan(1e-4);
  });

  it('are finite where an image can not be compared with others', async () => {
    const one = pick(training, [3]);
    const { features } = madeUpFit(executor, one);
    const settings = { ...ALL, localScale: SHARE };
    const alone = await fitTo(settings, { features: { ...features, count: 1 } }, one);
    const all = (await scoresOf(alone, seen)).flatMap((values) => [...values]);
    expect(all.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
    expect(Math.max(...all)).toBeGreaterThan(0);
  });
});

describe('scores of training images without themselves', () => {
  const folds = {
    count: 3,
    of: Int32Array.from(EVERYONE, (image) => (image === 0 ? -1 : image % 3)),
  };

  it('are those of a bank without the image and its copies', async () => {
    const given = training.map((values, level) => {
      const size = patchesOf(level) * MADE_UP_LEVELS[level]!.channels;
      return values.slice().copyWithin(10 * size, 7 * size, 8 * size);
    });
    // As many as there are: the image itself is among the nearest, and must not count.
    const fitted = await fitTo(ALL, { folds }, given);
    const [fine] = fitted.foldScores as [Float32Array, Float32Array];
    expect(fine.subarray(0, 64).every(Number.isNaN)).toBe(true);
    for (const [image, copies] of [
      [1, [1]],
      [7, [7, 10]],
      [10, [7, 10]],
    ] as const) {
      const among = EVERYONE.filter(
        (other) => !copies.some((copy) => copy === other) && other !== 10,
      );
      const expected = nearest(0, given, { image, among });
      // The variance of the copied images differs a little from that of `training`.
      expectNear(fine.subarray(image * 64, (image + 1) * 64), expected, 0.02);
    }
    expect(Math.min(...fine.subarray(64))).toBeGreaterThan(0.01);
  });

  it('are those of a bank without an image that shows the same', async () => {
    const given = training.map((values, level) => {
      const size = patchesOf(level) * MADE_UP_LEVELS[level]!.channels;
      const again = values.slice().copyWithin(10 * size, 7 * size, 8 * size);
      for (let i = 10 * size; i < 11 * size; i++) again[i]! += 0.02 * Math.sin(i);
      return again;
    });
    const fitted = await fitTo({ images: 8, window: null }, { folds }, given);
    const [fine] = fitted.foldScores as [Float32Array, Float32Array];
    const alone = await fitTo({ images: 8, window: null }, { folds });
    const [without] = alone.foldScores as [Float32Array, Float32Array];
    const mean = (scores: Float32Array, image: number) =>
      scores.subarray(image * 64, (image + 1) * 64).reduce((sum, score) => sum + score, 0) / 64;
    for (const image of [7, 10]) expect(mean(fine, image) / mean(without, 7)).toBeGreaterThan(0.9);
  });

  it.each([0, 0.7])('change nothing in the model, local scale %f', async (localScale) => {
    const settings = { images: 4, localScale };
    const [plain, folded] = [await fitTo(settings), await fitTo(settings, { folds })];
    expect(plain).not.toHaveProperty('foldScores');
    expect(Buffer.from(folded.graph).equals(Buffer.from(plain.graph))).toBe(true);
  });
});

it('gives the same scores without themselves where TensorFlow.js computes them', async () => {
  const folds = { count: 3, of: Int32Array.from(EVERYONE, (image) => image % 3) };
  const settings = { images: 6, window: 1, localScale: 0.7 };
  const eager = createEagerExecutor({ backend: 'tfjs-cpu', graphs: executor });
  const here = await fitTo(settings, { folds });
  const there = await fitTo(settings, { folds, executor: eager });
  for (const [level, scores] of (here.foldScores ?? []).entries())
    expectNear(there.foldScores?.[level] as Float32Array, [...scores], 1e-3);
});
