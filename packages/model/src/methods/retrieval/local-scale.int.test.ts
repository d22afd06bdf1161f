/** @file Retrieval's scores in units of what is usual where they are measured to, against plain loops. */
import type { Executor, GivenSettings } from '@plumbline/contracts';
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
  const scores = await scoresOf(executor, fitted, seen);
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
  const stored = await scoresOf(executor, fitted, training);
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
