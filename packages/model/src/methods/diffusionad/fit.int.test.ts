/** @file DiffusionAD's fit: equal bytes, interruptions, equal scores, what it learns, what it refuses. With small networks at 64 px. */
import { createHash } from 'node:crypto';
import type { Executor } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { float32 } from '../../onnx/index.ts';
import { type Attempt, hashAfterStop, interruptedFit } from '../interrupted-fit.ts';
import { imageFit, waveImage } from '../made-up-images.ts';
import type { FittedMethod, ImageFitOptions } from '../method.ts';
import { diffusionad } from './diffusionad.ts';

const SIDE = 64;

let executor: Executor;
beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
});

/** 10 steps at a rate that shows within them. */
function options(extra: Partial<ImageFitOptions> = {}): ImageFitOptions {
  return imageFit(executor, SIDE, {
    maxSteps: 10,
    ...extra,
    settings: {
      ...{ imageSizePx: SIDE, width: 8, batchSize: 2, stepsPerCategory: 5 },
      ...{ learningRate: 5e-3, separatingLearningRate: 5e-3 },
    },
  });
}

const hashOf = (fitted: FittedMethod) => createHash('sha256').update(fitted.graph).digest('hex');

describe('fitting DiffusionAD', () => {
  it('learns, ends the same after an interruption, and gives an image one map whatever it is scored with', async () => {
    const losses: number[] = [];
    const fitted = await diffusionad.fit(
      options({ onProgress: ({ loss }) => void losses.push(loss ?? Number.NaN) }),
    );
    expect(losses).toHaveLength(10);
    const meanOf = (values: readonly number[]) =>
      values.reduce((sum, x) => sum + x, 0) / values.length;
    expect(meanOf(losses.slice(-3))).toBeLessThan(0.8 * meanOf(losses.slice(0, 3)));
    expect(fitted.config).toMatchObject({ steps: 10, noise: expect.stringContaining('seed 3') });

    const fitHash = (attempt: Attempt) =>
      interruptedFit(attempt, (given) => diffusionad.fit(options(given)));
    expect(await hashAfterStop(fitHash, 5)).toBe(hashOf(fitted));

    const session = await executor.load(fitted.graph);
    const mapsOf = async (...images: readonly number[]) => {
      const pixels = Float32Array.from(images.flatMap((image) => [...waveImage(image, SIDE)]));
      const found = await session.run({
        pixels: float32([images.length, 3, SIDE, SIDE], pixels),
      });
      return found['scores0']?.data as Float32Array;
    };
    const alone = await mapsOf(200);
    expect(alone.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(await mapsOf(200)).toEqual(alone);
    const together = await mapsOf(201, 200);
    for (const [i, value] of alone.entries())
      expect(Math.abs(together[SIDE ** 2 + i]! - value)).toBeLessThan(1e-5);
    await session.release();
    // Three recorded networks are optimized and loaded.
  }, 400_000);

  it('refuses a fit that would not fit into memory, before it begins', async () => {
    await expect(diffusionad.fit(options({ memoryBytes: 1e6 }))).rejects.toThrow(/memory/);
  });
});
