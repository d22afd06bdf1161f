/** @file RD++'s fit: equal bytes, interruptions, what it learns, what it refuses. With a small ResNet at 64 px. */
import type { Executor } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Attempt, hashAfterStop, interruptedFit } from '../interrupted-fit.ts';
import { imageFit } from '../made-up-images.ts';
import type { ImageFitOptions } from '../method.ts';
import { rdpp } from './rdpp.ts';

const SIDE = 64;

let executor: Executor;
beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
});

function options(extra: Partial<ImageFitOptions> = {}): ImageFitOptions {
  return imageFit(executor, SIDE, {
    maxSteps: 3,
    ...extra,
    settings: { imageSizePx: SIDE, batchSize: 2, ...extra.settings },
  });
}

function fitHash(attempt: Attempt): Promise<string> {
  return interruptedFit(attempt, (given) => rdpp.fit(options(given)));
}

describe('fitting RD++', () => {
  it('gives the same bytes for the same seed, and after an interruption', async () => {
    const whole = await fitHash({ saved: null });
    expect(await hashAfterStop(fitHash, 2)).toBe(whole);
  });

  it('learns to rebuild what it was shown', async () => {
    const losses: number[] = [];
    const fitted = await rdpp.fit(
      options({
        maxSteps: 60,
        settings: { learningRate: 2e-3, stepsPerCategory: 60 },
        onProgress: ({ loss }) => void losses.push(loss ?? Number.NaN),
      }),
    );
    expect(losses).toHaveLength(60);
    expect(losses.at(-1)).toBeLessThan(0.7 * (losses[0] ?? 0));
    expect(fitted.inputs).toBe('tokens');
    expect(fitted.map).toMatchObject({ grids: [16, 8, 4], combine: 'sum', alignCorners: true });
  });

  it('refuses a fit that would not fit into memory, before it begins', async () => {
    await expect(rdpp.fit(options({ memoryBytes: 1e6 }))).rejects.toThrow(/memory/);
  });
});
