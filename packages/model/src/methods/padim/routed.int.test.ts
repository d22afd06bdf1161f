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

it('keeps exact factors where channels of unlike scale go together, and refuses what no factor can be', async () => {
  const unlike = (tokens: Float32Array[]) =>
    tokens.map((values, level) =>
      values.map((_, i) => {
        const { channels } = MADE_UP_LEVELS[level]!;
        const own = i - (i % channels);
        return i % 2 === 0 ? 100 * values[own]! + values[i]! * 0.01 : values[i]!;
      }),
    );
  const fitted = await padim.fit(madeUpFit(executor, unlike(training), { settings: SETTINGS }));
  expect(fitted.notes?.join()).toContain('float32');
  expect((await fitWith()).notes?.join()).not.toContain('float32');
  await expect(fitWith({ settings: { ...SETTINGS, regularization: 1e-12 } })).rejects.toMatchObject(
    { code: 'INVALID_INPUT', field: 'settings.regularization' },
  );
});

it('does not score an image that another category has a copy of', async () => {
  const copied = training.map((values) => {
    const size = values.length / MADE_UP_IMAGES;
    return values.slice().copyWithin(5 * size, 3 * size, 4 * size);
  });
  const fitted = await padim.fit(madeUpFit(executor, copied, { settings: SETTINGS, folds }));
  const scores = fitted.foldScores?.[0] as Float32Array;
  const missing = [...folds.of.keys()].filter((image) => Number.isNaN(scores[image * 64]));
  expect(missing).toEqual([3, 5]);
});

it('counts the memory of every tile', () => {
  const of = (tiles: number, memoryBytes: number) => () =>
    padim.assertMemory({
      ...({ preset: 'quick', images: 1500, categories: 15, memoryBytes } as const),
      levels: [{ tap: 'a', grid: 16, channels: 400 }],
      settings: { tileRows: tiles, tileColumns: tiles },
    });
  expect(of(1, 1.5e9)).not.toThrow();
  expect(of(3, 1.5e9)).toThrow(/memory/);
  expect(of(3, 5e9)).not.toThrow();
});
