import type { Executor } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '../../nn/random.ts';
import { type Attempt, hashAfterStop, interruptedFit } from '../interrupted-fit.ts';
import { heldOutFit, heldOutTokens, scoresOf } from '../made-up-fit.ts';
import type { FitOptions } from '../method.ts';
import { uniad } from './uniad.ts';

let executor: Executor;
const heldOut = heldOutTokens();

beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
});

/** On the coarse grid of 4×4, where a token sees all but its 3×3 neighborhood. */
const SETTINGS = {
  ...{
    grid: 'coarsest',
    neighborMask: 3,
    width: 16,
    heads: 2,
    hidden: 24,
    layers: 1,
    batchSize: 4,
  },
  ...{ optimizer: 'adamw', learningRate: 3e-3, whitening: false, dropout: 0.1 },
};

function options(extra: Partial<FitOptions> = {}): FitOptions {
  return heldOutFit(
    executor,
    {
      maxSteps: 45,
      settings: SETTINGS,
    },
    extra,
  );
}

/** SHA-256 of the fitted graph. */
function fitHash(attempt: Attempt, settings?: FitOptions['settings']): Promise<string> {
  return interruptedFit(
    attempt,
    (given) => uniad.fit(options({ ...(settings === undefined ? {} : { settings }), ...given })),
    ({ part }) => expect(part).toBe('transformer'),
  );
}

describe('fitting UniAD', () => {
  it('gives the same bytes for the same seed, and after an interruption at any place', async () => {
    const whole = await fitHash({ saved: null });
    // 3: early; 41: after a check of the held-out loss.
    for (const stopAfter of [3, 41]) {
      expect(await hashAfterStop(fitHash, stopAfter), `stopped after ${stopAfter}`).toBe(whole);
    }
  });

  it('does so with Muon, whitened features and one set of queries', async () => {
    const settings = { optimizer: 'muon', whitening: true, queries: 'input', neighborMask: 0 };
    const whole = await fitHash({ saved: null }, settings);
    const attempt: Attempt = { saved: null, stopAfter: 21 };
    await expect(fitHash(attempt, settings)).rejects.toThrow();
    expect(await fitHash({ saved: attempt.saved }, settings)).toBe(whole);
  });

  it('learns to rebuild normal features, and not others', async () => {
    const losses: number[] = [];
    const fitted = await uniad.fit(
      options({
        maxSteps: 200,
        settings: { stepsPerCategory: 1000, dropout: 0, learningRate: 1e-2 },
        onProgress: ({ loss }) => void losses.push(loss ?? Number.NaN),
      }),
    );
    expect(fitted.config).toMatchObject({ steps: 200 });
    expect(losses.at(-1)!).toBeLessThan(0.7 * losses[0]!);
    const meanScore = async (tokens: readonly Float32Array[]) => {
      const { shape, data } = await scoresOf(executor, fitted, tokens);
      expect(shape).toEqual([8, 16]);
      return data.reduce((total, score) => total + score, 0) / data.length;
    };
    const odd = heldOut.map((values, level) => {
      const noise = new Float32Array(values.length);
      RandomStream.from(7, `noise ${level}`).fillNormal(noise);
      return values.map((x, i) => x + 2 * noise[i]!);
    });
    expect(await meanScore(odd)).toBeGreaterThan(1.5 * (await meanScore(heldOut)));
  });

  it('keeps the best state where held-out images are looked at, and says of which step', async () => {
    const rising = { decay: 'step', learningRate: 0.5 };
    const best = await uniad.fit(options({ settings: rising }));
    const last = await uniad.fit(options({ settings: { ...rising, keepBest: false } }));
    expect(best.config).toMatchObject({ steps: 45, keptStep: expect.toSatisfy((x) => x < 45) });
    expect(best.notes?.[1]).toMatch(/^The network of step (20|40) is kept/);
    expect(last.config).toMatchObject({ steps: 45, keptStep: 45 });
    expect(Buffer.from(last.graph).equals(Buffer.from(best.graph))).toBe(false);
  });

  it('refuses a fit that would not fit into memory, before it begins', async () => {
    await expect(uniad.fit(options({ memoryBytes: 1e6 }))).rejects.toThrow(/memory/);
  });
});
