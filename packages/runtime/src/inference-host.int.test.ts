/** @file Inference children that are stopped, killed, too slow or never start. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { InferenceHost, InspectedImage } from './inference-host.ts';
import { LostRequest } from './lost-request.ts';
import { type InferenceHostOptions, startInferenceHost } from './start-inference-host.ts';

const MODEL = join(import.meta.dirname, 'testing', 'brightness.onnx');
const IMAGE: InspectedImage = { width: 32, height: 32, data: new Uint8Array(32 * 32 * 3) };

function start(options: Partial<InferenceHostOptions> = {}): Promise<InferenceHost> {
  return startInferenceHost({ modelPath: MODEL, ...options });
}

async function lossOf(work: Promise<unknown>): Promise<LostRequest> {
  const error: unknown = await work.then(() => null).catch((reason: unknown) => reason);
  if (error instanceof LostRequest) return error;
  throw new Error(`No lost request but ${String(error)}.`);
}

describe('a child that', () => {
  test('is stopped is noticed and ended, whether it has images or not', async () => {
    for (const busy of [true, false]) {
      await using host = await start();
      await host.inspect(IMAGE);
      process.kill(host.pid, 'SIGSTOP');
      if (busy) {
        const asked = [1, 2, 3, 4].map(() => lossOf(host.inspect(IMAGE)));
        const losses = await Promise.all(asked);
        expect(losses.map((loss) => loss.lossCause)).toEqual(Array(4).fill('silent'));
        expect(losses.map((loss) => loss.isSuspect)).toEqual([true, false, false, false]);
      }
      await expect.poll(() => host.isAlive, { timeout: 60_000 }).toBe(false);
      await expect.poll(() => isRunning(host.pid), { timeout: 60_000 }).toBe(false);
    }
  });

  test('is killed loses its images at once, and of those one is suspect', async () => {
    await using host = await start();
    process.kill(host.pid, 'SIGSTOP');
    const asked = [1, 2, 3].map(() => lossOf(host.inspect(IMAGE)));
    await sleep(300);
    process.kill(host.pid, 'SIGKILL');
    const losses = await Promise.all(asked);
    expect(losses.map((loss) => loss.isSuspect)).toEqual([true, false, false]);
    expect(losses[0]).toMatchObject({ code: 'UNAVAILABLE', lossCause: 'ended' });
    expect(losses[0]?.message).toContain('SIGKILL');
  });

  test('takes too long over an image is ended, though it gives signs of life', async () => {
    await using host = await start({ limits: { runMs: 20 } });
    expect((await lossOf(host.inspect(slowImage()))).lossCause).toBe('overdue');
    await expect.poll(() => isRunning(host.pid), { timeout: 60_000 }).toBe(false);
  });

  test('is not loaded in time is ended', async () => {
    await expect(start({ limits: { loadMs: 1 } })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('took longer than'),
    });
  });

  test('can not be started is an error of the request, not the end of this process', async () => {
    const { execPath } = process;
    process.execPath = join(import.meta.dirname, 'no-such-program');
    try {
      await expect(start()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    } finally {
      process.execPath = execPath;
    }
    await using host = await start();
    expect((await host.inspect(IMAGE)).imageScore).toBe(0);
  });
});

test('a child that computes for longer than it may be silent is not taken for a stopped one', async () => {
  await using host = await start({ limits: { silenceMs: 1000 } });
  const results = await Promise.all([1, 2, 3].map(() => host.inspect(slowImage())));
  expect(results.map((result) => result.imageScore.toFixed(2))).toEqual(['0.20', '0.20', '0.20']);
});

/** Half a second and more. */
function slowImage(): InspectedImage {
  return { width: 8192, height: 4096, data: new Uint8Array(8192 * 4096 * 3).fill(51) };
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
