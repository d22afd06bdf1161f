/** @file Retrieval fitted to made-up features: the exported graph against plain loops over all patches and images. */
import type { Executor, GivenSettings } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { createEagerExecutor } from '../../eager/index.ts';
import { MADE_UP_IMAGES, MADE_UP_LEVELS, madeUpFit } from '../made-up-fit.ts';
import type { FitOptions } from '../method.ts';
import {
  ALL,
  EVERYONE,
  expectNear,
  nearest,
  patchesOf,
  pick,
  scoresOf,
  seen,
  training,
} from './plain-retrieval.ts';
import { retrieval } from './retrieval.ts';

let executor: Executor;
beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
});

/** All patches count alike, and are compared with all, unless the settings say otherwise. */
function fitTo(given: GivenSettings, extra: Partial<FitOptions> = {}, tokens = training) {
  const settings = { localScale: 0, closeShare: 1, ...given };
  return retrieval.fit(madeUpFit(executor, tokens, { ...extra, settings }));
}

describe('compared with every image, and anywhere', () => {
  it('is plain k-NN, each level by itself', async () => {
    const fitted = await fitTo(ALL);
    const map = { grids: [8, 4], alignCorners: false, smoothed: true };
    const imageScore = { kind: 'largest', count: 20, every: 4 };
    expect(fitted.map).toEqual({ ...map, imageScore });
    expect((await fitTo({ ...ALL, topShare: 0 })).map).toEqual(map);
    const scores = await scoresOf(executor, fitted, seen);
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
    const scores = await scoresOf(executor, await fitTo({ ...ALL, distance: 'cosine' }), seen);
    for (const level of [0, 1])
      expectNear(
        scores[level]!.subarray(0, patchesOf(level)),
        nearest(level, seen, { image: 0, among: EVERYONE, cosine: true }),
      );
  });

  it.each(['scaled', 'cosine'])('gives a stored image 0: %s', async (distance) => {
    const fitted = await fitTo({ ...ALL, distance });
    const [stored, other] = [
      await scoresOf(executor, fitted, training),
      await scoresOf(executor, fitted, seen),
    ];
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
  const scores = await scoresOf(executor, fitted, near);
  const alone = await fitTo(
    ALL,
    { features: { ...madeUpFit(executor, pick(clustered, [6, 7, 8])).features, count: 3 } },
    pick(clustered, [6, 7, 8]),
  );
  const expected = await scoresOf(executor, alone, near);
  // Both scale by the variance of what they were fitted to, so compare shapes.
  for (const level of [0, 1]) {
    const ratios = scores[level]!.map((score, p) => score / expected[level]![p]!);
    expect(Math.max(...ratios) / Math.min(...ratios)).toBeLessThan(1.01);
  }
});

it.each([0, 1, 2])('finds a match within a window of %i only', async (window) => {
  const scores = await scoresOf(executor, await fitTo({ images: 1000, window }), seen);
  for (const level of [0, 1]) {
    const reach = level === 0 ? window : Math.ceil(window / 2);
    const own = scores[level]!.subarray(0, patchesOf(level));
    expectNear(own, nearest(level, seen, { image: 0, among: EVERYONE, reach }));
  }
});

it('does not change with the order of the training images', async () => {
  const settings = { images: 4, window: 1 };
  const order = EVERYONE.map((image) => (image * 7 + 3) % MADE_UP_IMAGES);
  const scores = await scoresOf(executor, await fitTo(settings), seen);
  const permuted = await scoresOf(executor, await fitTo(settings, {}, pick(training, order)), seen);
  for (const level of [0, 1]) expectNear(permuted[level]!, [...scores[level]!], 1e-5);
});

it('knows a further image once it is fitted to it, and scores others no higher', async () => {
  const without = await scoresOf(executor, await fitTo({ images: 1000 }), pick(seen, [0, 1]));
  const more = training.map((values, level) =>
    Float32Array.from([...values, ...pick(seen, [0])[level]!]),
  );
  const { features } = madeUpFit(executor, more);
  const grown = await fitTo(
    { images: 1000 },
    { features: { ...features, count: MADE_UP_IMAGES + 1 } },
    more,
  );
  const scores = await scoresOf(executor, grown, pick(seen, [0, 1]));
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
    { images: 5, localScale: 0.7, closeShare: 0.125 },
  ]) {
    const fitted = await fitTo(settings);
    const together = await scoresOf(executor, fitted, seen);
    for (const image of [0, 1, 2]) {
      const alone = await scoresOf(executor, fitted, pick(seen, [image]));
      for (const level of [0, 1]) {
        const count = patchesOf(level);
        expect(together[level]!.slice(image * count, (image + 1) * count)).toEqual(alone[level]);
      }
    }
  }
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

  it('are those of the nearest eight images where they say who does not belong', async () => {
    const [many, few] = [
      await fitTo({ images: 12 }, { folds }),
      await fitTo({ images: 8 }, { folds }),
    ];
    expect(few.suspectScores).toEqual(few.foldScores);
    for (const level of [0, 1]) {
      const [suspect, expected] = [many.suspectScores![level]!, few.foldScores![level]!];
      // The first image has no fold, and no score.
      const scored = (scores: Float32Array) => scores.subarray(patchesOf(level));
      expectNear(scored(suspect), [...scored(expected)]);
      expect(scored(many.foldScores![level]!)).not.toEqual(scored(suspect));
    }
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
