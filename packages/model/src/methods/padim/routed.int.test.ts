/** @file Gaussians of each category: the exported graph and the scores of images without themselves, against fits by definition. */
import type { Executor } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  MADE_UP_IMAGES,
  MADE_UP_LEVELS,
  madeUpFit,
  madeUpTokens,
  scoresOf,
} from '../made-up-fit.ts';
import { planEmbedding } from './forward.ts';
import { padim } from './padim.ts';
import { type PlainFit, plainCategory, plainScore } from './plain-padim.ts';

const CHANNELS = 10;
const SETTINGS = {
  ...{ gaussians: 'category', shrinkage: 10, channels: CHANNELS },
  ...{ embedding: 'channels', grid: 'finest' },
};
const COPY = 7;
const ORIGINAL = 4;
/** Image 7 is a copy of image 4, both nuts. */
const training = madeUpTokens(MADE_UP_IMAGES, 5).map((values) => {
  const size = values.length / MADE_UP_IMAGES;
  return values.copyWithin(COPY * size, ORIGINAL * size, (ORIGINAL + 1) * size);
});
const seen = madeUpTokens(6, 9);
const folds = { count: 4, of: Int32Array.from({ length: MADE_UP_IMAGES }, (_, i) => i % 4) };
const plan = planEmbedding(MADE_UP_LEVELS, { channels: CHANNELS, grid: 'finest', seed: 3 });
const POSITIONS = [0, 12, 35, 63];

let executor: Executor;
beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
});

const plainFit = (without: readonly number[] = []): PlainFit => ({
  tokens: training,
  categories: madeUpFit(executor, training).features.categories,
  ...{ without, plan, shrinkage: 10 },
});

const fitWith = (given: Parameters<typeof madeUpFit>[2] = {}) =>
  padim.fit(
    madeUpFit(executor, training, {
      settings: SETTINGS,
      ...given,
    }),
  );

function expectNear(actual: number, expected: number, tolerance: number): void {
  expect(Math.abs(actual - expected) / expected).toBeLessThan(tolerance);
}

describe('Gaussians of each category', () => {
  it('scores by the Gaussians of the category that an image resembles, in a batch of both', async () => {
    const fitted = await fitWith();
    const { data: scores } = await scoresOf(executor, fitted, seen);
    const fit = plainFit();
    const taken = [0, 1, 2, 3, 4, 5].map((image) => plainCategory(fit, seen, image));
    expect(new Set(taken).size).toBe(2);
    // Stored as float16.
    for (const image of taken.keys())
      for (const position of POSITIONS)
        expectNear(
          scores[image * 64 + position]!,
          plainScore(fit, seen, { image, position }),
          2e-3,
        );
  });

  it('scores training images as a fit without them and their copies does, whichever category it takes them for', async () => {
    const fitted = await fitWith({ folds });
    const [scores] = fitted.foldScores as [Float32Array];
    const categories = plainFit().categories;
    const others = [0, 1, 2, 3, COPY, 9, 12, 23].map((image) => {
      const without = [ORIGINAL, COPY].includes(image) ? [ORIGINAL, COPY] : [image];
      const fit = plainFit(without);
      for (const position of POSITIONS)
        expectNear(
          scores[image * 64 + position]!,
          plainScore(fit, training, { image, position }),
          1e-5,
        );
      return plainCategory(fit, training, image) === categories[image];
    });
    expect(new Set(others)).toEqual(new Set([true, false]));
  });
});

it('leaves out the only image of a category with the category', async () => {
  const categories = ['lone', ...Array.from({ length: MADE_UP_IMAGES - 1 }, () => 'nut')];
  const given = madeUpFit(executor, training, { folds });
  const fitted = await padim.fit({
    ...given,
    settings: SETTINGS,
    features: { ...given.features, categories },
  });
  const [scores] = fitted.foldScores as [Float32Array];
  const fit = { ...plainFit([0]), categories };
  expectNear(scores[12]!, plainScore(fit, training, { image: 0, position: 12 }), 1e-5);
});

it('is the shared Gaussians where there is one category', async () => {
  const graphOf = async (gaussians: string) => {
    const given = madeUpFit(executor, training, { settings: { gaussians } });
    const features = { ...given.features, categories: given.features.categories.map(() => 'nut') };
    return Buffer.from((await padim.fit({ ...given, features })).graph);
  };
  expect((await graphOf('category')).equals(await graphOf('shared'))).toBe(true);
});

it('refuses beforehand a model that no file holds', () => {
  const fit = {
    ...({
      preset: 'quick',
      levels: [{ tap: 'a', grid: 64, channels: 400 }],
      images: 1000,
    } as const),
    ...{ settings: { channels: 200 }, categories: 30 },
  };
  expect(() => padim.assertMemory({ ...fit, categories: 2 })).not.toThrow();
  expect(() => padim.assertMemory(fit)).toThrow(
    expect.objectContaining({
      code: 'INVALID_INPUT',
      field: 'settings.gaussians',
      message: expect.stringContaining('gaussians=shared'),
    }),
  );
});
