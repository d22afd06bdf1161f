/** @file Retrieval's scores in units of what is usual where they are measured to, against plain loops. */
import { type Executor, type GivenSettings, SUSPECT_IMAGES } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, expect, it } from 'vitest';
import { MADE_UP_LEVELS, madeUpFit } from '../made-up-fit.ts';
import type { FitOptions } from '../method.ts';
import {
  ALL,
  distancesTo,
  EVERYONE,
  expectNear,
  nearest,
  patchesOf,
  pick,
  scoresOf,
  seen,
  training,
  variance,
} from './plain-retrieval.ts';
import { retrieval } from './retrieval.ts';

let executor: Executor;
beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
});

function fitTo(settings: GivenSettings, extra: Partial<FitOptions> = {}, tokens = training) {
  return retrieval.fit(madeUpFit(executor, tokens, { ...extra, settings }));
}

const SHARE = 0.6;
/** As many as there may be for all others to be among the nearest eight, by which what is usual is measured. */
const FEW = EVERYONE.slice(0, SUSPECT_IMAGES + 1);
/** Of the first images of `training`, one patch of one image after the other: what it is multiplied by. */
function weights(level: number): number[] {
  const { grid } = MADE_UP_LEVELS[level]!;
  const distances = FEW.map((image) =>
    nearest(level, training, { image, among: FEW.filter((other) => other !== image) }),
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
  const few = pick(training, FEW);
  const features = { ...madeUpFit(executor, few).features, count: FEW.length };
  const fitted = await fitTo({ ...ALL, window, localScale: SHARE }, { features }, few);
  const scores = await scoresOf(executor, fitted, seen);
  // The coarse level alone: plain loops over all pairs of patches take their time.
  for (const level of window === null ? [1] : []) {
    const count = patchesOf(level);
    const scale = weights(level);
    const expected = Array.from({ length: count }, () => Number.POSITIVE_INFINITY);
    for (const other of FEW)
      for (const [p, row] of distancesTo(level, other).entries())
        for (const [q, distance] of row.entries())
          expected[p] = Math.min(expected[p]!, distance * scale[other * count + q]!);
    // In units of the variance of what it was fitted to.
    const { channels } = MADE_UP_LEVELS[level]!;
    const unit = variance(few[level]!, channels) / variance(training[level]!, channels);
    const own = scores[level]!.subarray(0, count).map((score) => score * unit);
    expectNear(own, expected, 4e-3);
  }
  const stored = await scoresOf(executor, fitted, few);
  for (const level of [0, 1])
    expect(Math.max(...stored[level]!) / Math.max(...scores[level]!)).toBeLessThan(1e-4);
});

it('are finite where an image can not be compared with others', async () => {
  const one = pick(training, [3]);
  const { features } = madeUpFit(executor, one);
  const settings = { ...ALL, localScale: SHARE };
  const alone = await fitTo(settings, { features: { ...features, count: 1 } }, one);
  const all = (await scoresOf(executor, alone, seen)).flatMap((values) => [...values]);
  expect(all.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
  expect(Math.max(...all)).toBeGreaterThan(0);
});
