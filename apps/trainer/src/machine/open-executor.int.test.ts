/** @file The executors that training can be set to, tried with real child processes. */
import { existsSync, readdirSync } from 'node:fs';
import { getMethod, NO_CHECKPOINTS } from '@plumbline/model';
import { describe, expect, it } from 'vitest';
import { SMALL_RLR } from '../testing/test-training.ts';
import { describeChoice, openExecutor } from './open-executor.ts';
import { probeTfjsBackend } from './tfjs-backends.ts';

const THREADS = '/proc/self/task';

interface Trained {
  readonly losses: number[];
  /** Of this process while it trained; 0 where the system does not tell. */
  readonly threads: number;
}

/** Two steps of a small RLR on made-up features. */
async function train(setting: 'cpu' | 'tfjs-cpu', limit: number | null = null): Promise<Trained> {
  const { executor, serving, choice } = await openExecutor(setting, limit);
  expect(executor.provider).toBe(setting);
  expect(serving.provider).toBe('cpu');
  expect(choice).toMatchObject({ setting, provider: setting });
  const losses: number[] = [];
  let threads = 0;
  await getMethod('rlr').fit({
    preset: 'tiny',
    seed: 5,
    categories: 1,
    maxSteps: 2,
    settings: SMALL_RLR,
    levels: [{ tap: 'layer3', grid: 8, channels: 4 }],
    features: {
      count: 2,
      categories: ['a', 'a'],
      read: (_level, images, out) =>
        out.forEach((_, i) => {
          out[i] = Math.sin(i + 1 + (images[0] ?? 0));
        }),
    },
    executor,
    checkpoints: NO_CHECKPOINTS,
    onProgress: ({ loss }) => {
      losses.push(loss ?? Number.NaN);
      threads = existsSync(THREADS) ? readdirSync(THREADS).length : 0;
    },
  });
  return { losses, threads };
}

describe('the executor of a training run', () => {
  it('trains the same on onnx and on tfjs', async () => {
    const { losses: first } = await train('cpu');
    const { losses: second } = await train('tfjs-cpu');
    expect(first).toHaveLength(2);
    for (const [step, loss] of first.entries())
      expect(Math.abs((second[step] ?? Number.NaN) / loss - 1)).toBeLessThan(1e-3);
  });

  it.skipIf(!existsSync(THREADS))('takes the threads that it is given (reads /proc)', async () => {
    const { threads: ofOne } = await train('cpu', 1);
    const { threads: ofThree } = await train('cpu', 3);
    expect(ofThree).toBeGreaterThanOrEqual(ofOne + 2);
  });

  it('is the first TensorFlow.js backend that works, with a word on those that do not', async () => {
    const gpu = await probeTfjsBackend('tfjs-node-gpu');
    const { choice } = await openExecutor('tfjs');
    expect(choice.executor).toBe('tfjs');
    if (gpu.ok) expect(choice.provider).toBe('tfjs-node-gpu');
    else expect(describeChoice(choice)).toContain(`tfjs-node-gpu: ${gpu.reason}`);
    if (gpu.ok) return;
    await expect(openExecutor('tfjs-node-gpu')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining(`tfjs-node-gpu: ${gpu.reason}`),
      fix: gpu.fix,
    });
  });
});
