/** @file PyramidFlow's fit: equal bytes, an interruption, what it learns, what it refuses. */
import type { Executor } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { float32 } from '../../onnx/index.ts';
import { type Attempt, hashAfterStop, interruptedFit } from '../interrupted-fit.ts';
import { MADE_UP_IMAGES, MADE_UP_LEVELS, madeUpFit, madeUpTokens } from '../made-up-fit.ts';
import type { FitOptions } from '../method.ts';
import { pyramidflow } from './pyramidflow.ts';

let executor: Executor;
beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
});

function options(extra: Omit<Partial<FitOptions>, 'features'> = {}): FitOptions {
  return madeUpFit(executor, madeUpTokens(MADE_UP_IMAGES, 5), {
    levels: MADE_UP_LEVELS.slice(0, 1),
    maxSteps: 4,
    ...extra,
    settings: { batchSize: 2, pyramidLevels: 3, ...extra.settings },
  });
}

const fitHash = (attempt: Attempt): Promise<string> =>
  interruptedFit(attempt, (given) => pyramidflow.fit(options(given)));

describe('fitting PyramidFlow', () => {
  it('gives the same bytes for the same seed, and after an interruption', async () => {
    const whole = await fitHash({ saved: null });
    expect(await hashAfterStop(fitHash, 2)).toBe(whole);
  });

  it('makes images alike, and others are far from their mean', async () => {
    const losses: number[] = [];
    const fitted = await pyramidflow.fit(
      options({
        maxSteps: 40,
        settings: { learningRate: 5e-3, stepsPerCategory: 40 },
        onProgress: ({ loss }) => void losses.push(loss ?? Number.NaN),
      }),
    );
    const meanOf = (values: ArrayLike<number>) =>
      Array.from(values).reduce((sum, x) => sum + x, 0) / values.length;
    expect(meanOf(losses.slice(-8))).toBeLessThan(0.9 * meanOf(losses.slice(0, 8)));
    expect(fitted.map).toMatchObject({ grids: [8] });
    const normal = madeUpTokens(4, 6);
    const odd = normal.map((values) => values.map((x) => -x));
    const scoresOf = async (tokens: readonly Float32Array[]) => {
      const session = await executor.load(fitted.graph);
      const { scores0 } = await session.run({ tokens0: float32([4, 64, 30], tokens[0]!) });
      await session.release();
      return meanOf(scores0?.data as Float32Array);
    };
    expect(await scoresOf(odd)).toBeGreaterThan(1.2 * (await scoresOf(normal)));
  });

  it('refuses a fit that would not fit into memory, before it begins', async () => {
    await expect(pyramidflow.fit(options({ memoryBytes: 1e6 }))).rejects.toThrow(/memory/);
  });
});
