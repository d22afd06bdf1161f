import type { Executor } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Attempt, hashAfterStop, interruptedFit } from '../interrupted-fit.ts';
import {
  heldOutFit,
  heldOutTokens,
  MADE_UP_LEVELS,
  oddAtSecondLook,
  runMadeUp,
} from '../made-up-fit.ts';
import type { FeatureSource, FitOptions } from '../method.ts';
import { cflow } from './cflow.ts';

let executor: Executor;
const heldOut = heldOutTokens();

beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
});

/** 24 images of 64 and 16 places: draws of 8 are 16 and 4 steps. */
function options(extra: Partial<FitOptions> = {}): FitOptions {
  return heldOutFit(
    executor,
    {
      maxSteps: 50,
      settings: { blocks: 2, batchSize: 8, vectors: 32, stepsPerCategory: 80 },
    },
    extra,
  );
}

/** SHA-256 of the fitted graph. */
function fitHash(attempt: Attempt): Promise<string> {
  return interruptedFit(
    attempt,
    (given) => cflow.fit(options({ settings: { blocks: 1 }, ...given })),
    ({ part, fraction }) => {
      expect(['layer2', 'layer3']).toContain(part);
      expect(fraction).toBeLessThanOrEqual(1);
    },
  );
}

describe('fitting CFLOW', () => {
  it('gives the same bytes for the same seed, and after an interruption at any place', async () => {
    const whole = await fitHash({ saved: null });
    // 41: in the middle of a draw, after a look at the held-out images; 67: in the second level.
    for (const stopAfter of [41, 67]) {
      expect(await hashAfterStop(fitHash, stopAfter), `stopped after ${stopAfter}`).toBe(whole);
    }
  });

  it.each(['soft', 'hard'] as const)(
    'makes normal vectors likelier, others not: %s mixing',
    async (permutation) => {
      const losses: number[] = [];
      const { map, graph, ...rest } = await cflow.fit(
        options({
          maxSteps: 200,
          settings: { stepsPerCategory: 100, permutation, whitening: false, learningRate: 3e-3 },
          onProgress: ({ loss, part }) =>
            void (part === 'layer2' && losses.push(loss ?? Number.NaN)),
        }),
      );
      expect(map).toMatchObject({ grids: MADE_UP_LEVELS.map(({ grid }) => grid), combine: 'sum' });
      expect(losses).toHaveLength(200);
      const mean = (values: ArrayLike<number>) =>
        Array.from(values).reduce((sum, x) => sum + x, 0) / values.length;
      expect(mean(losses.slice(-20))).toBeLessThan(mean(losses.slice(0, 20)) - 0.1);
      const scoresOf = async (tokens: readonly Float32Array[]) => {
        const { scores0, scores1 } = await runMadeUp(executor, { map, graph, ...rest }, tokens);
        expect([scores0?.shape, scores1?.shape]).toEqual([
          [8, 64],
          [8, 16],
        ]);
        return mean(scores0?.data as Float32Array);
      };
      const odd = heldOut.map((values) => values.map((x, i) => (i % 2 === 0 ? x + 2 : x)));
      expect(await scoresOf(odd)).toBeGreaterThan((await scoresOf(heldOut)) + 0.2);
    },
  );

  it('keeps the best state where held-out images are looked at, and says of which step', async () => {
    const settings = { learningRate: 1e-2, stepsPerCategory: 30 };
    const heldOut = oddAtSecondLook(options().heldOut as FeatureSource);
    const best = await cflow.fit(options({ settings, heldOut }));
    const last = await cflow.fit(options({ settings: { ...settings, keepBest: false } }));
    const stepsOf = ({ config }: typeof best) =>
      (config['levels'] as { steps: number; keptStep: number }[]).map((level) => level.keptStep);
    expect(stepsOf(last)).toEqual([50, 16]);
    expect(stepsOf(best)[0]).toBe(48);
    expect(best.notes?.[0]).toMatch(/^The flow of layer2 after step 48 of 50 is kept/);
    expect(last.notes).toEqual([]);
    expect(Buffer.from(last.graph).equals(Buffer.from(best.graph))).toBe(false);
  });

  it('counts as seen what its steps drew, and refuses what would not fit into memory', async () => {
    const { coverage } = await cflow.fit(options({ maxSteps: 16 }));
    expect(coverage).toEqual([
      { part: 'layer2', images: 24, seen: 8, passes: 8 / 24 },
      { part: 'layer3', images: 24, seen: 24, passes: 32 / 24 },
    ]);
    await expect(cflow.fit(options({ memoryBytes: 1e6 }))).rejects.toThrow(/memory/);
  });
});
