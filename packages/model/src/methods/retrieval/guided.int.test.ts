/** @file The search in two steps against plain loops: few patches are compared with all images, the others with the most alike. */
import { closeImages, type Executor, type GivenSettings } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, expect, it } from 'vitest';
import { createEagerExecutor } from '../../eager/index.ts';
import { MADE_UP_LEVELS, madeUpFit } from '../made-up-fit.ts';
import type { FitOptions } from '../method.ts';
import {
  ALL,
  EVERYONE,
  expectNear,
  nearest,
  patchesOf,
  scoresOf,
  seen,
  training,
} from './plain-retrieval.ts';
import { retrieval } from './retrieval.ts';

const SHARE = 0.125;
let executor: Executor;
beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
});

function fitTo(given: GivenSettings, extra: Partial<FitOptions> = {}) {
  const settings = { localScale: 0, closeShare: SHARE, ...given };
  return retrieval.fit(madeUpFit(executor, training, { ...extra, settings }));
}

const sumOf = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

it('compares the patches farthest from the most alike image with most of them, and the others with that one', async () => {
  const scores = await scoresOf(executor, await fitTo(ALL), seen);
  for (const image of [0, 1, 2]) {
    const own = (level: number) =>
      scores[level]!.subarray(image * patchesOf(level), (image + 1) * patchesOf(level));
    expectNear(own(1), nearest(1, seen, { image, among: EVERYONE }));
    const coarse = EVERYONE.map((other) => sumOf(nearest(1, seen, { image, among: [other] })));
    const [mostAlike = 0, ...rest] = EVERYONE.toSorted((a, b) => coarse[a]! - coarse[b]!);
    const alike = [mostAlike, ...rest.slice(0, closeImages(EVERYONE.length) - 1)];
    expect(alike.length).toBeLessThan(EVERYONE.length);
    const toOne = nearest(0, seen, { image, among: [mostAlike] });
    const far = toOne.toSorted((a, b) => b - a)[SHARE * patchesOf(0) - 1] as number;
    const toMost = nearest(0, seen, { image, among: alike });
    const usual = EVERYONE.length ** -0.18;
    expectNear(
      own(0),
      toOne.map((distance, p) => (distance >= far ? toMost[p]! : usual * distance)),
    );
  }
});

it('gives a stored image 0, local scales or not', async () => {
  for (const localScale of [0, 0.7]) {
    const fitted = await fitTo({ ...ALL, localScale });
    const stored = await scoresOf(executor, fitted, training);
    const other = await scoresOf(executor, fitted, seen);
    for (const level of [0, 1])
      expect(Math.max(...stored[level]!) / Math.max(...other[level]!)).toBeLessThan(1e-4);
  }
});

it.each([
  { images: 4, window: 1 },
  { images: 1, window: null },
])('leaves %o as it is without it', async (given) => {
  const [guided, all] = [await fitTo(given), await fitTo({ ...given, closeShare: 1 })];
  expect(Buffer.from(guided.graph).equals(Buffer.from(all.graph))).toBe(true);
});

it('gives the same scores without themselves where TensorFlow.js computes them', async () => {
  const folds = { count: 3, of: Int32Array.from(EVERYONE, (image) => image % 3) };
  const settings = { images: 6, localScale: 0.7 };
  const eager = createEagerExecutor({ backend: 'tfjs-cpu', graphs: executor });
  const here = await fitTo(settings, { folds });
  const there = await fitTo(settings, { folds, executor: eager });
  expect(here.foldScores).toHaveLength(MADE_UP_LEVELS.length);
  for (const [level, scores] of (here.foldScores ?? []).entries())
    expectNear(there.foldScores?.[level] as Float32Array, [...scores], 1e-3);
});
