import type { Executor } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Attempt, hashAfterStop, interruptedFit } from '../interrupted-fit.ts';
import { heldOutFit, heldOutTokens, MADE_UP_LEVELS, runMadeUp } from '../made-up-fit.ts';
import type { FeatureSource, FitOptions, FittedMethod } from '../method.ts';
import { fastflow } from './fastflow.ts';

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
      settings: { blocks: 2, batchSize: 4 },
    },
    extra,
  );
}

/** SHA-256 of the fitted graph. */
function fitHash(attempt: Attempt): Promise<string> {
  return interruptedFit(
    attempt,
    (given) => fastflow.fit(options({ settings: { blocks: 1 }, ...given })),
    ({ part }) => expect(part).toBe('flows'),
  );
}

const mean = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, x) => sum + x, 0) / values.length;

/** Images whose first places are odd: of them, and of all others, the mean score. */
async function oddAndOther(fitted: FittedMethod): Promise<[odd: number, other: number]> {
  const tokens = heldOut.map((values, level) => {
    const { grid, channels } = MADE_UP_LEVELS[level]!;
    const isOdd = (i: number) => i % (grid ** 2 * channels) < (grid ** 2 * channels) / 4;
    return values.map((x, i) => (isOdd(i) && i % 2 === 0 ? x + 4 : x));
  });
  const { scores0, scores1 } = await runMadeUp(executor, fitted, tokens);
  expect([scores0?.shape, scores1?.shape]).toEqual([
    [8, 64],
    [8, 16],
  ]);
  const scores = Array.from(scores0?.data ?? [], Number);
  const isFirst = (_: number, i: number) => i % 64 < 16;
  return [mean(scores.filter(isFirst)), mean(scores.filter((s, i) => !isFirst(s, i)))];
}

describe('fitting FastFlow', () => {
  it('gives the same bytes for the same seed, and after an interruption at any place', async () => {
    const whole = await fitHash({ saved: null });
    // 3: early; 41: after a look at the held-out images.
    for (const stopAfter of [3, 41]) {
      expect(await hashAfterStop(fitHash, stopAfter), `stopped after ${stopAfter}`).toBe(whole);
    }
  });

  it.each([
    ['logLikelihood', true],
    ['likelihood', false],
  ] as const)(
    'makes normal maps likelier, others not: score %s, whitening %s',
    async (score, whitening) => {
      const losses: number[] = [];
      const fitted = await fastflow.fit(
        options({
          maxSteps: 200,
          settings: { stepsPerCategory: 100, score, whitening, keepBest: false },
          onProgress: ({ loss }) => void losses.push(loss ?? Number.NaN),
        }),
      );
      expect(fitted.map).toMatchObject({
        grids: MADE_UP_LEVELS.map(({ grid }) => grid),
        combine: 'mean',
      });
      expect(losses).toHaveLength(200);
      expect(mean(losses.slice(-20))).toBeLessThan(mean(losses.slice(0, 20)));
      const [odd, other] = await oddAndOther(fitted);
      expect(odd).toBeGreaterThan(1.2 * other);
    },
  );

  it('keeps the best state, says of which step, and refuses what would not fit into memory', async () => {
    // Four images are soon known by heart.
    const few = options({ maxSteps: 101, settings: { learningRate: 1e-2, stepsPerCategory: 60 } });
    const features = { ...few.features, count: 4 } as FeatureSource;
    const best = await fastflow.fit({ ...few, features });
    expect(best.config).toMatchObject({ steps: 101, keptStep: expect.toSatisfy((x) => x < 101) });
    expect(best.notes?.[0]).toMatch(/^The flows after step \d0 of 101 are kept/);
    expect(best.coverage).toEqual([{ part: 'flows', images: 4, seen: 4, passes: 101 }]);
    await expect(fastflow.fit(options({ memoryBytes: 1e6 }))).rejects.toThrow(/memory/);
  });
});
