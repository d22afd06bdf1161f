/** @file A loss that is no number: what is kept, on real checkpoint files, and that a fit goes on from it. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getMethod } from '@plumbline/model';
import { createExecutor } from '@plumbline/runtime';
import { afterAll, expect, it } from 'vitest';
import { folderCheckpoints } from '../testing/folder-checkpoints.ts';
import { MADE_UP_DATA, MADE_UP_STEPS, madeUpFit } from '../testing/made-up-fit.ts';

const folder = mkdtempSync(join(tmpdir(), 'plumbline-diverged-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** @param nanAt Step whose features hold a NaN. @returns The steps taken, and the graph or the error. */
async function attempt(name: string, nanAt?: number) {
  const options = madeUpFit(join(folder, name), await createExecutor({ threads: 1 }));
  const { features } = options;
  const steps: number[] = [];
  let next = (await options.checkpoints.load())?.step ?? 0;
  const result = await getMethod('rlr')
    .fit({
      ...options,
      // Whitening would read the features before the first step.
      settings: { ...options.settings, whitening: false },
      features: {
        ...features,
        read(level, images, out) {
          features.read(level, images, out);
          next++;
          if (next === nanAt) out[5] = Number.NaN;
        },
      },
      onProgress: ({ step }) => void steps.push(step),
    })
    .then(
      ({ graph }) => ({ graph: Buffer.from(graph), error: null }),
      (error: unknown) => ({ graph: null, error }),
    );
  return { steps, ...result };
}

it('a NaN stops the fit and names the step; the checkpoint before it is kept, and gives the same bytes as if nothing had been', async () => {
  const whole = await attempt('whole');
  expect(whole.steps).toHaveLength(MADE_UP_STEPS);

  const stopped = await attempt('stopped', 13);
  expect(stopped.error).toMatchObject({
    code: 'INVALID_INPUT',
    message: 'The loss of level layer3 is no longer finite at step 13.',
    fix: expect.stringContaining('The last good checkpoint is kept.'),
  });
  expect(stopped.steps.at(-1)).toBe(12);
  expect(readdirSync(folder).sort()).toEqual(['stopped.1', 'whole.1']);
  // The state after step 12 gave the NaN, so the one before it is the last known to be good.
  const kept = await folderCheckpoints(join(folder, 'stopped'), {
    attempt: 1,
    data: MADE_UP_DATA,
  }).load();
  expect(kept?.step).toBe(11);
  for (const name of ['weights', 'firstMoment', 'secondMoment'])
    expect(kept?.tensors[name]?.every(Number.isFinite), name).toBe(true);

  const resumed = await attempt('stopped');
  expect(resumed.steps[0]).toBe(12);
  expect(resumed.graph?.equals(whole.graph ?? Buffer.alloc(0))).toBe(true);
});
