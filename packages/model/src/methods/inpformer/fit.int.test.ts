import type { Executor } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '../../nn/random.ts';
import { type Attempt, hashAfterStop, interruptedFit } from '../interrupted-fit.ts';
import {
  heldOutFit,
  heldOutImages,
  MADE_UP_IMAGES,
  MADE_UP_LEVELS,
  madeUpFit,
  oddAtSecondLook,
  scoresOf,
} from '../made-up-fit.ts';
import type { FitOptions } from '../method.ts';
import { inpformer } from './inpformer.ts';

let executor: Executor;

beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
});

function options(extra: Partial<FitOptions> = {}): FitOptions {
  return heldOutFit(
    executor,
    {
      maxSteps: 6,
      settings: { batchSize: 4, layers: 1, warmUpSteps: 2 },
    },
    extra,
  );
}

/** Of the finer level. */
const ODD = 27;

/** Features of images whose patches are of three kinds, in halves of four rows. @param odd A patch of another kind. */
function kindsOfPatches(count: number, seed: number, odd?: number): Float32Array[] {
  return MADE_UP_LEVELS.map(({ tap, grid, channels }, level) => {
    const kinds = new Float32Array(4 * channels);
    RandomStream.from(0, tap).fillNormal(kinds);
    const values = new Float32Array(count * grid ** 2 * channels);
    RandomStream.from(seed, tap).fillNormal(values);
    return values.map((noise, i) => {
      const row = Math.floor(i / channels);
      const [image, patch] = [Math.floor(row / grid ** 2), row % grid ** 2];
      const place = Math.floor((4 * patch) / grid ** 2);
      const kind = level === 0 && patch === odd ? 3 : (place + image) % 3;
      return kinds[kind * channels + (i % channels)]! + 0.1 * noise;
    });
  });
}

describe('fitting INP-Former', () => {
  it('gives the same bytes for the same seed, and after an interruption', async () => {
    const hashOf = (attempt: Attempt) =>
      interruptedFit(
        attempt,
        (given) => inpformer.fit(options({ ...given })),
        ({ part }) => expect(part).toBe('prototypes and decoder'),
      );
    const whole = await hashOf({ saved: null });
    expect(await hashAfterStop(hashOf, 4)).toBe(whole);
  });

  it('learns to rebuild images of a few kinds of patches, and not a patch of another; refuses what would not fit into memory', async () => {
    const losses: number[] = [];
    const settings = { stepsPerCategory: 1000, keepBest: false, whitening: false };
    const fitted = await inpformer.fit(
      madeUpFit(executor, kindsOfPatches(MADE_UP_IMAGES, 1), {
        maxSteps: 60,
        settings: { batchSize: 4, layers: 1, warmUpSteps: 2, ...settings },
        onProgress: ({ loss }) => void losses.push(loss ?? Number.NaN),
      }),
    );
    expect(losses.at(-1)!).toBeLessThan(0.6 * losses[0]!);
    const { shape, data } = await scoresOf(executor, fitted, kindsOfPatches(8, 2, ODD));
    expect(shape).toEqual([8, 64]);
    for (let image = 0; image < 8; image++) {
      const scores = data.slice(64 * image, 64 * (image + 1));
      expect(scores.indexOf(Math.max(...scores))).toBe(ODD);
    }
    await expect(inpformer.fit(options({ memoryBytes: 1e6 }))).rejects.toThrow(
      /INP-Former .* memory/,
    );
  });

  it('keeps the best state where held-out images are looked at, and says of which step', async () => {
    const { notes, config } = await inpformer.fit(
      options({ maxSteps: 22, heldOut: oddAtSecondLook(heldOutImages(executor)) }),
    );
    expect(config).toMatchObject({ steps: 22, keptStep: expect.toSatisfy((step) => step < 22) });
    expect(notes?.[1]).toMatch(/^The network of step \d+ is kept/);
  });
});
