/** @file DRAEM's fit: equal bytes, interruptions, what it learns, what it refuses. With small networks at 64 px. */
import type { Executor } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { float32 } from '../../onnx/index.ts';
import { type Attempt, interruptedFit } from '../interrupted-fit.ts';
import { imageFit, waveImage } from '../made-up-images.ts';
import type { FittedMethod, ImageFitOptions } from '../method.ts';
import { draem } from './draem.ts';

const SIDE = 64;

let executor: Executor;
beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
});

function options(extra: Partial<ImageFitOptions> = {}): ImageFitOptions {
  return imageFit(executor, SIDE, {
    maxSteps: 4,
    ...extra,
    settings: { imageSizePx: SIDE, width: 4, batchSize: 2, ...extra.settings },
  });
}

/** SHA-256 of the fitted graph. */
function fitHash(attempt: Attempt): Promise<string> {
  return interruptedFit(attempt, (given) => draem.fit(options(given)));
}

/** Maps of images, f32 `[images, S²]`. */
async function mapsOf(fitted: FittedMethod, images: readonly Float32Array[]) {
  const session = await executor.load(fitted.graph);
  const all = Float32Array.from(images.flatMap((image) => [...image]));
  const { scores0 } = await session.run({
    pixels: float32([images.length, 3, SIDE, SIDE], all),
  });
  await session.release();
  return scores0?.data as Float32Array;
}

describe('fitting DRAEM', () => {
  it('gives the same bytes for the same seed, and after an interruption', async () => {
    const whole = await fitHash({ saved: null });
    const attempt: Attempt = { saved: null, stopAfter: 2 };
    await expect(fitHash(attempt)).rejects.toThrow();
    expect(attempt.saved).not.toBeNull();
    expect(await fitHash({ saved: attempt.saved })).toBe(whole);
  });

  it('learns to rebuild, and to outline what does not belong', async () => {
    const losses: number[] = [];
    const fitted = await draem.fit(
      options({
        maxSteps: 100,
        settings: { learningRate: 1e-2, stepsPerCategory: 50 },
        onProgress: ({ loss }) => void losses.push(loss ?? Number.NaN),
      }),
    );
    expect(losses).toHaveLength(100);
    const meanOf = (values: ArrayLike<number>) =>
      Array.from(values).reduce((sum, x) => sum + x, 0) / values.length;
    expect(meanOf(losses.slice(-20))).toBeLessThan(0.8 * meanOf(losses.slice(0, 5)));
    const normal = waveImage(200, SIDE);
    const inside = (i: number) => i % SIDE < 20 && Math.floor(i / SIDE) % SIDE < 20;
    const odd = normal.map((value, i) => (inside(i) ? ((i * 7) % 5) - 2 : value));
    const maps = await mapsOf(fitted, [normal, odd]);
    const defect = maps.subarray(SIDE ** 2).filter((_, i) => inside(i));
    expect(meanOf(defect)).toBeGreaterThan(meanOf(maps.subarray(0, SIDE ** 2)));
    expect(fitted.config).toMatchObject({ steps: 100, parameters: expect.any(Number) });
  });

  it('refuses a fit that would not fit into memory, before it begins', async () => {
    await expect(draem.fit(options({ memoryBytes: 1e6 }))).rejects.toThrow(/memory/);
  });
});
