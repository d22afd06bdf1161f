import type { Executor } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '../../nn/random.ts';
import { type Attempt, hashAfterStop, interruptedFit } from '../interrupted-fit.ts';
import { heldOutFit, heldOutTokens, MADE_UP_LEVELS, scoresOf } from '../made-up-fit.ts';
import type { FitOptions } from '../method.ts';
import { simplenet } from './simplenet.ts';

let executor: Executor;
const heldOut = heldOutTokens();

beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
});

function options(extra: Partial<FitOptions> = {}): FitOptions {
  return heldOutFit(
    executor,
    {
      maxSteps: 60,
      settings: { hidden: 16 },
    },
    extra,
  );
}

/** SHA-256 of the fitted graph. */
function fitHash(attempt: Attempt): Promise<string> {
  return interruptedFit(
    attempt,
    (given) => simplenet.fit(options(given)),
    ({ part }) => expect(part).toBe('discriminator'),
  );
}

describe('fitting SimpleNet', () => {
  it('gives the same bytes for the same seed, and after an interruption at any place', async () => {
    const whole = await fitHash({ saved: null });
    expect(await fitHash({ saved: null })).toBe(whole);
    // 3: early; 41: after a check of the held-out loss; 59: just before the end.
    for (const stopAfter of [3, 41, 59]) {
      expect(await hashAfterStop(fitHash, stopAfter), `stopped after ${stopAfter}`).toBe(whole);
    }
  });

  it('does so with centers, which it finds without labels', async () => {
    const hashOf = (attempt: Attempt) =>
      interruptedFit(attempt, (given) =>
        simplenet.fit(
          options({
            ...given,
            maxSteps: 9,
            settings: { centers: 2, layers: 2, guidance: 0.3, loss: 'crossEntropy' },
          }),
        ),
      );
    const whole = await hashOf({ saved: null });
    const attempt: Attempt = { saved: null, stopAfter: 5 };
    await expect(hashOf(attempt)).rejects.toThrow();
    expect(await hashOf({ saved: attempt.saved })).toBe(whole);
  });

  it('learns to tell noisy patches from normal ones, and scores so', async () => {
    const losses: number[] = [];
    const fitted = await simplenet.fit(
      options({
        maxSteps: 300,
        settings: {
          noise: 1,
          epochs: 1000,
          stepsPerCategory: 1000,
          earlyStopping: false,
          adaptorRate: 1e-4,
          discriminatorRate: 1e-3,
        },
        onProgress: ({ loss }) => void losses.push(loss ?? Number.NaN),
      }),
    );
    expect(losses).toHaveLength(300);
    const mean = (values: readonly number[]) =>
      values.reduce((sum, x) => sum + x, 0) / values.length;
    expect(mean(losses.slice(-20))).toBeLessThan(mean(losses.slice(0, 20)) * 0.8);
    const scoresOfTokens = async (tokens: readonly Float32Array[]) => {
      const { shape, data } = await scoresOf(executor, fitted, tokens);
      expect(shape).toEqual([8, 64]);
      return mean([...data]);
    };
    const normal = await scoresOfTokens(heldOut);
    const noisy = heldOut.map((values, level) => {
      const noise = new Float32Array(values.length);
      RandomStream.from(7, `noise ${level}`).fillNormal(noise);
      return values.map((x, i) => x + noise[i]!);
    });
    expect(await scoresOfTokens(noisy)).toBeGreaterThan(normal + 0.1);
  });

  it('ends when the held-out loss no longer falls, and says so', async () => {
    const { notes, config } = await simplenet.fit(
      options({
        maxSteps: 3000,
        // Rates too small to change the loss: the plateau is there from the first check.
        settings: {
          adaptorRate: 1e-12,
          discriminatorRate: 1e-12,
          epochs: 1000,
          stepsPerCategory: 3000,
        },
      }),
    );
    expect(config).toMatchObject({ stoppedEarly: true });
    expect(Number(config['steps'])).toBeGreaterThan(200);
    expect(notes).toEqual([expect.stringMatching(/^Training stopped at step \d+ of /)]);
  });

  it('is trained longer for more categories, without being told which image is of which', async () => {
    const { features } = options();
    const stepsFor = async (categories: number) => {
      const { config } = await simplenet.fit({
        ...options({ settings: { stepsPerCategory: 7, passes: 0, earlyStopping: false } }),
        features: { ...features, categories: features.categories.map(() => '') },
        categories,
      });
      return config['steps'];
    };
    expect([await stepsFor(2), await stepsFor(3)]).toEqual([14, 21]);
  });

  it('refuses a fit that would not fit into memory, before it begins', async () => {
    await expect(simplenet.fit(options({ memoryBytes: 1e6 }))).rejects.toThrow(/memory/);
  });

  it('takes taps of any grids to the finest', async () => {
    const { map } = await simplenet.fit(options({ maxSteps: 1 }));
    expect(map.grids).toEqual([Math.max(...MADE_UP_LEVELS.map(({ grid }) => grid))]);
  });
});
