import type { Executor } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '../../nn/random.ts';
import { type Attempt, hashAfterStop, interruptedFit } from '../interrupted-fit.ts';
import {
  heldOutFit,
  heldOutImages,
  heldOutTokens,
  oddAtSecondLook,
  runMadeUp,
} from '../made-up-fit.ts';
import type { FitOptions, FittedMethod } from '../method.ts';
import { fod } from './fod.ts';

let executor: Executor;
const heldOut = heldOutTokens();

beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
});

const SETTINGS = { heads: 2, layers: 1, batchSize: 4, learningRate: 3e-3 };

function options(extra: Partial<FitOptions> = {}): FitOptions {
  return heldOutFit(
    executor,
    {
      maxSteps: 9,
      settings: SETTINGS,
    },
    extra,
  );
}

async function meanScore(fitted: FittedMethod, tokens: readonly Float32Array[]): Promise<number> {
  const outputs = await runMadeUp(executor, fitted, tokens);
  expect(outputs['scores0']?.shape).toEqual([8, 64]);
  expect(outputs['scores1']?.shape).toEqual([8, 16]);
  const all = Object.values(outputs).flatMap(({ data }) => [...(data as Float32Array)]);
  return all.reduce((sum, score) => sum + score, 0) / all.length;
}

describe('fitting FOD', () => {
  it('gives the same bytes for the same seed, and after an interruption', async () => {
    const hashOf = (attempt: Attempt) =>
      interruptedFit(
        attempt,
        (given) => fod.fit(options({ ...given })),
        ({ part }) => expect(part).toBe('transformers'),
      );
    const whole = await hashOf({ saved: null });
    expect(await hashAfterStop(hashOf, 7)).toBe(whole);
  });

  it.each([
    { score: 'both', references: 1, optimizer: 'muon', whitening: true },
    { score: 'reconstruction', references: 0, optimizer: 'adamw', whitening: false },
  ])('learns to rebuild normal features, and not others: %j', async (settings) => {
    const losses: number[] = [];
    const fitted = await fod.fit(
      options({
        maxSteps: 60,
        settings: { ...settings, stepsPerCategory: 1000, keepBest: false, learningRate: 1e-2 },
        onProgress: ({ loss }) => void losses.push(loss ?? Number.NaN),
      }),
    );
    expect(fitted.config).toMatchObject({
      steps: 60,
      references: settings.references === 0 ? 1 : 2,
    });
    expect(losses.at(-1)!).toBeLessThan(0.8 * losses[0]!);
    const odd = heldOut.map((values, level) => {
      const noise = new Float32Array(values.length);
      RandomStream.from(7, `noise ${level}`).fillNormal(noise);
      return values.map((x, i) => x + 2 * noise[i]!);
    });
    expect(await meanScore(fitted, odd)).toBeGreaterThan(1.3 * (await meanScore(fitted, heldOut)));
  });

  it('keeps the best state, says of which step, and refuses what would not fit into memory', async () => {
    const { notes, config } = await fod.fit(
      options({ maxSteps: 45, heldOut: oddAtSecondLook(heldOutImages(executor)) }),
    );
    expect(config).toMatchObject({ steps: 45, keptStep: expect.toSatisfy((step) => step < 45) });
    expect(notes?.[1]).toMatch(/^The networks of step \d+ are kept/);
    await expect(fod.fit(options({ memoryBytes: 1e6 }))).rejects.toThrow(/FOD .* memory/);
  });
});
