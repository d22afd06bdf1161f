/** @file STFPM's fit: equal bytes, interruptions, what it learns, what it refuses. With a small ResNet at 64 px. */
import type { Executor } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildTokensGraph } from '../../export/feature-graph.ts';
import { float32 } from '../../onnx/index.ts';
import { formula } from '../formula.ts';
import { type Attempt, interruptedFit } from '../interrupted-fit.ts';
import { imageFit, waveImage } from '../made-up-images.ts';
import type { FittedMethod, ImageFitOptions } from '../method.ts';
import { smallBackbone } from './small-resnet.ts';
import { stfpm } from './stfpm.ts';

const SIDE = 64;
const SIZE = 3 * SIDE ** 2;
const backbone = smallBackbone();

let executor: Executor;
beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
});

function options(extra: Partial<ImageFitOptions> = {}): ImageFitOptions {
  return imageFit(executor, SIDE, {
    maxSteps: 45,
    ...extra,
    settings: { imageSizePx: SIDE, batchSize: 4, ...extra.settings },
  });
}

/** SHA-256 of the fitted graph. */
function fitHash(attempt: Attempt): Promise<string> {
  return interruptedFit(attempt, (given) => stfpm.fit(options(given)));
}

/** Largest value of each image's map. */
async function scoresOf(fitted: FittedMethod, images: readonly Float32Array[]): Promise<number[]> {
  const teacher = await executor.load(buildTokensGraph(backbone));
  const session = await executor.load(fitted.graph);
  const all = new Float32Array(images.length * SIZE);
  for (const [index, image] of images.entries()) all.set(image, index * SIZE);
  const pixels = float32([images.length, 3, SIDE, SIDE], all);
  const { scores0 } = await session.run({ pixels, ...(await teacher.run({ pixels })) });
  await session.release();
  await teacher.release();
  const data = scores0?.data as Float32Array;
  const each = data.length / images.length;
  return images.map((_, index) => Math.max(...data.subarray(index * each, (index + 1) * each)));
}

describe('fitting STFPM', () => {
  it('gives the same bytes for the same seed, and after an interruption at any place', async () => {
    const whole = await fitHash({ saved: null });
    expect(await fitHash({ saved: null })).toBe(whole);
    // 3: early; 41: after the held-out maps were looked at; 44: just before the end.
    for (const stopAfter of [3, 41, 44]) {
      const attempt: Attempt = { saved: null, stopAfter };
      await expect(fitHash(attempt)).rejects.toThrow();
      expect(attempt.saved).not.toBeNull();
      expect(await fitHash({ saved: attempt.saved }), `stopped after ${stopAfter}`).toBe(whole);
    }
  });

  it('learns to agree with the backbone on normal images, and not on others', async () => {
    const losses: number[] = [];
    const fitted = await stfpm.fit(
      options({
        maxSteps: 200,
        settings: { stepsPerCategory: 100 },
        onProgress: ({ loss }) => void losses.push(loss ?? Number.NaN),
      }),
    );
    expect(losses).toHaveLength(200);
    expect(losses.at(-1)).toBeLessThan(0.3 * (losses[0] ?? 0));
    const normal = [0, 1, 2].map((image) => waveImage(200 + image, SIDE));
    const odd = normal.map((pixels, image) => {
      const defect = formula(SIZE, image);
      return pixels.map((value, i) => (i % SIDE < 16 ? 3 * defect[i]! : value));
    });
    const mean = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
    const [plain, strange] = [await scoresOf(fitted, normal), await scoresOf(fitted, odd)];
    expect(mean(strange)).toBeGreaterThan(3 * mean(plain));
  });

  it('keeps the best state where held-out images are looked at, and says of which step', async () => {
    const best = await stfpm.fit(options({ settings: { learningRate: 10 } }));
    const last = await stfpm.fit(options({ settings: { learningRate: 10, keepBest: false } }));
    expect(best.config).toMatchObject({ steps: 45, keptStep: expect.toSatisfy((x) => x < 45) });
    expect(best.notes?.[1]).toMatch(/^The student of step (20|40) is kept/);
    expect(last.config).toMatchObject({ steps: 45, keptStep: 45 });
    expect(Buffer.from(last.graph).equals(Buffer.from(best.graph))).toBe(false);
  });

  it('refuses a fit that would not fit into memory, before it begins', async () => {
    await expect(stfpm.fit(options({ memoryBytes: 1e6 }))).rejects.toThrow(/memory/);
  });
});
