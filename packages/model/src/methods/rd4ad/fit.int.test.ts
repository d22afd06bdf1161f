/** @file RD4AD's fit: equal bytes, interruptions, what it learns, what it keeps and refuses. */
import type { Executor } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Attempt, hashAfterStop, interruptedFit } from '../interrupted-fit.ts';
import { heldOutFit, heldOutTokens, oddAtSecondLook, runMadeUp } from '../made-up-fit.ts';
import type { FeatureSource, FitOptions, FittedMethod } from '../method.ts';
import { rd4ad } from './rd4ad.ts';

let executor: Executor;
const heldOut = heldOutTokens();

beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
});

function options(extra: Partial<FitOptions> = {}): FitOptions {
  return heldOutFit(
    executor,
    {
      maxSteps: 45,
      settings: { batchSize: 4 },
    },
    extra,
  );
}

/** SHA-256 of the fitted graph. */
function fitHash(attempt: Attempt): Promise<string> {
  return interruptedFit(attempt, (given) => rd4ad.fit(options(given)));
}

/** Mean over all maps of all images. */
async function meanScore(fitted: FittedMethod, tokens: readonly Float32Array[]): Promise<number> {
  const maps = Object.values(await runMadeUp(executor, fitted, tokens));
  expect(maps.map(({ shape }) => shape[1])).toEqual([64, 16]);
  const values = maps.flatMap(({ data }) => [...(data as Float32Array)]);
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

describe('fitting RD4AD', () => {
  it('gives the same bytes for the same seed, and after an interruption at any place', async () => {
    const whole = await fitHash({ saved: null });
    // 3: early; 41: after the held-out loss was looked at.
    for (const stopAfter of [3, 41]) {
      expect(await hashAfterStop(fitHash, stopAfter), `stopped after ${stopAfter}`).toBe(whole);
    }
  });

  it('learns to rebuild what it was shown, and not the rest', async () => {
    const losses: number[] = [];
    const fitted = await rd4ad.fit(
      options({
        maxSteps: 80,
        settings: { stepsPerCategory: 100, learningRate: 2e-3 },
        onProgress: ({ loss }) => void losses.push(loss ?? Number.NaN),
      }),
    );
    expect(losses).toHaveLength(80);
    expect(losses.at(-1)).toBeLessThan(0.6 * (losses[0] ?? 0));
    const normal = await meanScore(fitted, heldOut);
    const odd = heldOut.map((values) => values.map((x) => -x));
    expect(await meanScore(fitted, odd)).toBeGreaterThan(normal + 0.2);
    expect(fitted.map).toMatchObject({ grids: [8, 4], combine: 'sum', alignCorners: true });
  });

  it('keeps the best state where held-out images are looked at, and says of which step', async () => {
    const heldOut = oddAtSecondLook(options().heldOut as FeatureSource);
    const best = await rd4ad.fit(options({ heldOut }));
    const last = await rd4ad.fit(options({ settings: { keepBest: false } }));
    expect(best.config).toMatchObject({ steps: 45, keptStep: 20 });
    expect(best.notes?.[1]).toMatch(/^The network of step 20 is kept/);
    expect(last.config).toMatchObject({ steps: 45, keptStep: 45 });
    expect(Buffer.from(last.graph).equals(Buffer.from(best.graph))).toBe(false);
  });

  it('refuses a fit that would not fit into memory, before it begins', async () => {
    await expect(rd4ad.fit(options({ memoryBytes: 1e6 }))).rejects.toThrow(/memory/);
  });
});
