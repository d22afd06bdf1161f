/**
 * @file Training recorded for a device, and on the provider webgpu, against the processor's own: the same losses, step by
 * step.
 */
import type { Executor } from '@plumbline/contracts';
import { createExecutor, probeProvider } from '@plumbline/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '../../nn/random.ts';
import { asDevice } from '../../trace/testing/as-device.ts';
import { NO_CHECKPOINTS } from '../../training/fit-state.ts';
import { fitTrainable } from '../../training/fit-trainable.ts';
import { TrainingRun } from '../../training/training-run.ts';
import { networkConfig, resolvePreset } from './config.ts';
import { levelTrainable } from './level-trainable.ts';

const STEPS = 50;
const TOLERANCE = 1e-3;
const IMAGES = 8;
const PRESET = { ...resolvePreset('tiny'), heads: 4, batchSize: 2 };
const NETWORK = { ...networkConfig(PRESET, 8, 12), width: 32 };
const IMAGE_SIZE = NETWORK.grid ** 2 * NETWORK.channels;

async function losses(executor: Executor): Promise<number[]> {
  const images = new Float32Array(IMAGES * IMAGE_SIZE);
  RandomStream.from(7, 'images').fillNormal(images);
  const found: number[] = [];
  const run = await TrainingRun.begin({
    executor,
    checkpoints: NO_CHECKPOINTS,
    identity: null,
    onProgress: ({ loss }) => void found.push(loss),
  });
  const trainable = levelTrainable({
    plan: { tap: 'layer3', network: NETWORK, batchSize: 2, steps: STEPS },
    preset: PRESET,
    level: 0,
    seed: 3,
    whitening: null,
    features: {
      count: IMAGES,
      categories: Array.from({ length: IMAGES }, () => 'a'),
      read: (_, indices, out) => {
        for (const [slot, image] of indices.entries())
          out.set(images.subarray(image * IMAGE_SIZE, (image + 1) * IMAGE_SIZE), slot * IMAGE_SIZE);
      },
    },
  });
  await fitTrainable(run, trainable);
  return found;
}

const webgpu = await probeProvider('webgpu');
const name = webgpu.ok
  ? `on ${webgpu.software ? 'a software adapter' : 'the GPU'}`
  : `on the GPU (skipped: no adapter works here: ${webgpu.reason})`;

describe("the processor's loss curve", () => {
  let expected: number[] = [];
  beforeAll(async () => {
    expected = await losses(await createExecutor());
    expect(expected).toHaveLength(STEPS);
    expect(expected.at(-1)).toBeLessThan(0.8 * (expected[0] ?? 0));
  });

  const expectSame = (found: readonly number[]) => {
    const distances = expected.map((loss, step) =>
      Math.abs((found[step] ?? Number.NaN) / loss - 1),
    );
    expect(distances.filter((distance) => !(distance <= TOLERANCE))).toEqual([]);
  };

  it('is that of the graph for a device', async () => {
    expectSame(await losses(asDevice(await createExecutor())));
  });

  it.skipIf(!webgpu.ok)(name, async () => {
    expectSame(await losses(await createExecutor({ provider: 'webgpu' })));
  });
});
