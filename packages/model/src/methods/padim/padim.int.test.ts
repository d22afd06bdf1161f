/** @file PaDiM fitted to made-up features: the exported graph against plain code, and the bytes of two fits. */
import { type Executor, FOLDS_PART } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, expect, it } from 'vitest';
import {
  MADE_UP_IMAGES,
  MADE_UP_LEVELS,
  madeUpFit,
  madeUpTokens,
  scoresOf,
} from '../made-up-fit.ts';
import { planEmbedding } from './forward.ts';
import { padim } from './padim.ts';
import { embedAt, mahalanobis } from './plain-padim.ts';

const training = madeUpTokens(MADE_UP_IMAGES, 5);
let executor: Executor;
beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
});

/** As published: one Gaussian for all images, of random channels at the finest places. */
const SHARED = { gaussians: 'shared', embedding: 'channels', grid: 'finest' };

/** Of x from the Gaussian of some rows, by its definition. */
function distance(rows: readonly number[][], x: readonly number[]): number {
  const mean = x.map((_, c) => rows.reduce((sum, row) => sum + row[c]!, 0) / rows.length);
  const sigma = mean.map((_, r) =>
    mean.map(
      (_, c) =>
        rows.reduce((sum, row) => sum + (row[r]! - mean[r]!) * (row[c]! - mean[c]!), 0) /
          (rows.length - 1) +
        (r === c ? 0.01 : 0),
    ),
  );
  return mahalanobis(
    sigma,
    x.map((value, c) => value - mean[c]!),
  );
}

it('scores like plain code, alone and in a batch', async () => {
  const fitted = await padim.fit(madeUpFit(executor, training, { settings: SHARED }));
  expect(fitted.map).toEqual({ grids: [8], alignCorners: false, smoothed: true });
  const plan = planEmbedding(MADE_UP_LEVELS, { channels: 64, grid: 'finest', seed: 3 });
  const embed = (tokens: Float32Array[], image: number, position: number) =>
    embedAt(tokens, plan, image, position);
  const seen = madeUpTokens(3, 9);
  const { data: scores, shape } = await scoresOf(executor, fitted, seen);
  expect(shape).toEqual([3, 64]);
  for (const position of [0, 7, 35, 63]) {
    const rows = Array.from({ length: MADE_UP_IMAGES }, (_, image) =>
      embed(training, image, position),
    );
    for (let image = 0; image < 3; image++) {
      const expected = distance(rows, embed(seen, image, position));
      const actual = scores[image * 64 + position]!;
      expect(Math.abs(actual - expected) / expected).toBeLessThan(1e-4);
    }
  }
  const second = seen.map((values) => values.slice(values.length / 3, (2 * values.length) / 3));
  const { data: alone } = await scoresOf(executor, fitted, second);
  for (const [i, score] of alone.entries()) expect(score).toBeCloseTo(scores[64 + i]!, 3);
});

it('scores every image by Gaussians without it and its copies, and fits the same model as without folds', async () => {
  const folds = {
    count: 4,
    of: Int32Array.from({ length: MADE_UP_IMAGES }, (_, i) => (i === 0 ? -1 : i % 4)),
  };
  const COPY = 7;
  const given = training.map((values) => {
    const size = values.length / MADE_UP_IMAGES;
    return values.slice().copyWithin(COPY * size, 3 * size, 4 * size);
  });
  const fitted = await padim.fit(madeUpFit(executor, given, { folds, settings: SHARED }));
  const whole = await padim.fit(madeUpFit(executor, given, { settings: SHARED }));
  expect(Buffer.from(fitted.graph).equals(Buffer.from(whole.graph))).toBe(true);
  expect(whole).not.toHaveProperty('foldScores');
  const [scores] = fitted.foldScores as [Float32Array];
  expect(scores.subarray(0, 64).every(Number.isNaN)).toBe(true);
  const plan = planEmbedding(MADE_UP_LEVELS, { channels: 64, grid: 'finest', seed: 3 });
  const embed = (image: number, position: number) => embedAt(given, plan, image, position);
  for (const [image, position, left] of [
    [1, 0, [1]],
    [3, 12, [3, COPY]],
    [6, 35, [6]],
    [COPY, 40, [3, COPY]],
    [23, 63, [23]],
  ] as const) {
    const others = [...folds.of.keys()].filter((other) => !left.some((own) => own === other));
    const expected = distance(
      others.map((other) => embed(other, position)),
      embed(image, position),
    );
    expect(Math.abs(scores[image * 64 + position]! - expected) / expected).toBeLessThan(1e-4);
  }
});

it('scores what it was fitted to lower than something new', async () => {
  const fitted = await padim.fit(madeUpFit(executor, training));
  const mean = async (tokens: Float32Array[]) => {
    const { data } = await scoresOf(executor, fitted, tokens);
    return data.reduce((sum, value) => sum + value, 0) / data.length;
  };
  expect(await mean(madeUpTokens(3, 9))).toBeGreaterThan(2 * (await mean(training)));
});

it('gives the same bytes for the same seed, and others for another where channels are drawn', async () => {
  const bytes = async (seed: number, settings: Record<string, unknown>) =>
    Buffer.from((await padim.fit(madeUpFit(executor, training, { seed, settings }))).graph);
  const first = await bytes(3, SHARED);
  expect((await bytes(3, SHARED)).equals(first)).toBe(true);
  expect((await bytes(4, SHARED)).equals(first)).toBe(false);
  const components = await bytes(3, { channels: 9 });
  expect((await bytes(4, { channels: 9 })).equals(components)).toBe(true);
});

it('stops when it is cancelled', async () => {
  const abort = new AbortController();
  const onProgress = () => abort.abort(new Error('cancelled'));
  const fit = padim.fit(madeUpFit(executor, training, { signal: abort.signal, onProgress }));
  await expect(fit).rejects.toThrow('cancelled');
  const later = new AbortController();
  const inFolds = padim.fit(
    madeUpFit(executor, training, {
      folds: { count: 2, of: Int32Array.from({ length: MADE_UP_IMAGES }, (_, i) => i % 2) },
      signal: later.signal,
      onProgress: ({ part, fraction }) => {
        expect(fraction).toBeLessThanOrEqual(1);
        if (part === FOLDS_PART) later.abort(new Error('cancelled'));
      },
    }),
  );
  await expect(inFolds).rejects.toThrow('cancelled');
});

it('refuses beforehand what would not fit into memory', async () => {
  let read = 0;
  const given = madeUpFit(executor, training, { memoryBytes: 1e6 });
  const features = { ...given.features, read: () => void read++ };
  await expect(padim.fit({ ...given, features })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    field: 'preset',
    message: expect.stringContaining('PaDiM would need about'),
  });
  expect(read).toBe(0);
});

it('acts as set: channels kept, and their regularization', async () => {
  const graphOf = async (settings: Record<string, unknown>) => {
    const fitted = await padim.fit(
      madeUpFit(executor, training, { settings: { ...SHARED, ...settings } }),
    );
    expect(fitted.config['preset']).toMatchObject(settings);
    const kept = (fitted.config['levels'] as { kept: number[] }[]).flatMap((level) => level.kept);
    const { data } = await scoresOf(executor, fitted, madeUpTokens(1, 9));
    return { kept: kept.length, mean: data.reduce((sum, score) => sum + score, 0) / 64 };
  };
  const usual = await graphOf({ channels: 64 });
  const fewer = await graphOf({ channels: 9 });
  expect([usual.kept, fewer.kept]).toEqual([64, 9]);
  expect((await graphOf({ channels: 9, regularization: 1 })).mean).toBeLessThan(fewer.mean);
});
