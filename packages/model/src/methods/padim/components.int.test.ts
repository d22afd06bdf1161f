/** @file Principal components of what varies within categories, of features made to vary in one known direction. */
import { COMPONENTS_PART } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { expect, it } from 'vitest';
import { RandomStream } from '../../nn/random.ts';
import { MADE_UP_IMAGES, MADE_UP_LEVELS, madeUpFit, madeUpTokens } from '../made-up-fit.ts';
import type { FitProgress } from '../method.ts';
import { findComponents } from './components.ts';
import { planEmbedding } from './forward.ts';
import { groupsOf } from './route.ts';

it('finds what varies, not what tells categories and positions apart', async () => {
  const executor = await createExecutor({ threads: 1 });
  const given = madeUpFit(executor, []);
  const [fine, coarse] = [3, 7]; // channels that vary together, one of each level
  const features = {
    ...given.features,
    read: (level: number, images: Int32Array, out: Float32Array) => {
      const { grid, channels } = MADE_UP_LEVELS[level]!;
      for (const [slot, image] of images.entries()) {
        const amount = new Float32Array(1);
        RandomStream.from(image, 'amount').fillNormal(amount);
        for (let place = 0; place < grid ** 2; place++)
          for (let c = 0; c < channels; c++) {
            const offset = (image % 3 === 0 ? 9 : 0) * Number(c === 1) + place * Number(c === 2);
            const varies = c === (level === 0 ? fine : coarse);
            out[(slot * grid ** 2 + place) * channels + c] = offset + (varies ? amount[0]! : 0);
          }
      }
    },
  };
  const plan = planEmbedding(MADE_UP_LEVELS, {
    ...{ channels: Number.POSITIVE_INFINITY, grid: 'coarsest', seed: 0 },
  });
  const groups = groupsOf(features.categories, true);
  const { matrix } = await findComponents({ ...given, features }, { plan, groups }, 1);
  const expected = Array.from({ length: plan.size }, (_, c) =>
    c === fine || c === MADE_UP_LEVELS[0]!.channels + coarse ? Math.SQRT1_2 : 0,
  );
  const sign = Math.sign(matrix[fine]!);
  for (const [c, value] of expected.entries()) expect(sign * matrix[c]!).toBeCloseTo(value, 3);
});

it('tells its progress and can be canceled between groups', async () => {
  const executor = await createExecutor({ threads: 1 });
  const given = madeUpFit(executor, madeUpTokens(MADE_UP_IMAGES, 5));
  const plan = planEmbedding(MADE_UP_LEVELS, {
    ...{ channels: Number.POSITIVE_INFINITY, grid: 'coarsest', seed: 0 },
  });
  const groups = groupsOf(given.features.categories, true);
  const told: number[] = [];
  const cancel = new AbortController();
  const onProgress = ({ part, step, steps }: FitProgress) => {
    if (part === COMPONENTS_PART) told.push(step);
    if (step === steps - 1) cancel.abort();
  };
  const finding = findComponents(
    { ...given, onProgress, signal: cancel.signal },
    { plan, groups },
    4,
  );
  await expect(finding).rejects.toThrow(/abort/i);
  expect(told.at(-1)).toBe(MADE_UP_IMAGES + 1);
});
