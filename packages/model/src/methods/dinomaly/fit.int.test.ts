import type { Executor } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Attempt, hashAfterStop, interruptedFit } from '../interrupted-fit.ts';
import {
  heldOutFit,
  heldOutImages,
  heldOutTokens,
  oddAtSecondLook,
  scoresOf,
} from '../made-up-fit.ts';
import type { FitOptions } from '../method.ts';
import { dinomaly } from './dinomaly.ts';

let executor: Executor;
const heldOut = heldOutTokens();

beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
});

const SETTINGS = { batchSize: 4, layers: 1, warmUpSteps: 2, easySteps: 4, dropout: 0.2 };

function options(extra: Partial<FitOptions> = {}): FitOptions {
  return heldOutFit(
    executor,
    {
      maxSteps: 6,
      settings: SETTINGS,
    },
    extra,
  );
}

describe('fitting Dinomaly', () => {
  it('gives the same bytes for the same seed, and after an interruption', async () => {
    const hashOf = (attempt: Attempt) =>
      interruptedFit(
        attempt,
        (given) => dinomaly.fit(options({ ...given })),
        ({ part }) => expect(part).toBe('decoder'),
      );
    const whole = await hashOf({ saved: null });
    expect(await hashAfterStop(hashOf, 4)).toBe(whole);
  });

  it('learns to rebuild what it was shown, and not the rest; refuses what would not fit into memory', async () => {
    const losses: number[] = [];
    const fitted = await dinomaly.fit(
      options({
        maxSteps: 60,
        settings: { stepsPerCategory: 1000, keepBest: false, dropout: 0.1 },
        onProgress: ({ loss }) => void losses.push(loss ?? Number.NaN),
      }),
    );
    expect(losses.at(-1)!).toBeLessThan(0.9 * losses[0]!);
    const mean = async (tokens: readonly Float32Array[]) => {
      const { shape, data } = await scoresOf(executor, fitted, tokens);
      expect(shape).toEqual([8, 64]);
      return data.reduce((sum, score) => sum + score, 0) / data.length;
    };
    const odd = heldOut.map((values) => values.map((x, i) => (i % 3 === 0 ? -x : x)));
    expect(await mean(odd)).toBeGreaterThan(1.1 * (await mean(heldOut)));
    await expect(dinomaly.fit(options({ memoryBytes: 1e6 }))).rejects.toThrow(/Dinomaly .* memory/);
  });

  it('keeps the best state where held-out images are looked at, and says of which step', async () => {
    const { notes, config } = await dinomaly.fit(
      options({ maxSteps: 22, heldOut: oddAtSecondLook(heldOutImages(executor)) }),
    );
    expect(config).toMatchObject({ steps: 22, keptStep: expect.toSatisfy((step) => step < 22) });
    expect(notes?.[1]).toMatch(/^The network of step \d+ is kept/);
  });
});
