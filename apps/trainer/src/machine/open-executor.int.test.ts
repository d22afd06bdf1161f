/** @file The executors that training can be set to, tried with real child processes. */
import { getMethod, NO_CHECKPOINTS } from '@plumbline/model';
import { describe, expect, it } from 'vitest';
import { describeChoice, openExecutor } from './open-executor.ts';
import { probeTfjsBackend } from './tfjs-backends.ts';

/** Losses of two steps of a small RLR on made-up features. */
async function losses(setting: 'cpu' | 'tfjs-cpu'): Promise<number[]> {
  const { executor, serving, choice } = await openExecutor(setting);
  expect(executor.provider).toBe(setting);
  expect(serving.provider).toBe('cpu');
  expect(choice).toMatchObject({ setting, provider: setting });
  const found: number[] = [];
  await getMethod('rlr').fit({
    preset: 'tiny',
    seed: 5,
    categories: 1,
    maxSteps: 2,
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
    onProgress: ({ loss }) => void found.push(loss ?? Number.NaN),
  });
  return found;
}

describe('the executor of a training run', () => {
  it('trains the same on onnx and on tfjs', async () => {
    const [first, second] = [await losses('cpu'), await losses('tfjs-cpu')];
    expect(first).toHaveLength(2);
    for (const [step, loss] of first.entries())
      expect(Math.abs((second[step] ?? Number.NaN) / loss - 1)).toBeLessThan(1e-3);
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
