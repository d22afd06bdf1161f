import type { DatasetDetail, Run } from '@plumbline/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestPlatform } from './support/platform.ts';
import { killAll, processesOf } from './support/processes.ts';

let platform: TestPlatform;

beforeAll(async () => {
  platform = await TestPlatform.create();
  await platform.json('up', '--no-web');
  await platform.importSmall('small');
});

afterAll(async () => {
  await platform?.remove();
});

const show = (id: string) => platform.get<Run>(`/v1/runs/${id}`);
const startRun = () =>
  platform.json<Run>(
    ...['train', '--dataset', 'small', '--method', 'rlr', '--preset', 'tiny', '--max-steps', '40'],
  );

/** Waits until the run is in the middle of training. */
async function untilTraining(id: string): Promise<void> {
  await expect
    .poll(async () => (await show(id)).stage, { timeout: 240_000, interval: 50 })
    .toBe('fit');
}

describe.skipIf(process.platform !== 'linux')('recovery (reads /proc, so Linux alone)', () => {
  it('goes on with a run whose trainer was killed', async () => {
    const run = await startRun();
    await untilTraining(run.id);
    const doomed = processesOf(platform.home).filter(({ command }) =>
      /apps.trainer.src/.test(command),
    );
    expect(doomed.length).toBeGreaterThanOrEqual(2);
    killAll(doomed);
    await expect
      .poll(async () => (await show(run.id)).status, { timeout: 240_000, interval: 100 })
      .toBe('succeeded');
    expect((await show(run.id)).attempts).toBe(2);
  });

  it('finds everything acknowledged after everything was killed', async () => {
    const dataset = await platform.json<DatasetDetail>('datasets', 'show', 'small');
    const models = await platform.json('models', 'list');
    const run = await startRun();
    await untilTraining(run.id);
    killAll(processesOf(platform.home));
    await expect.poll(() => processesOf(platform.home), { timeout: 60_000 }).toEqual([]);
    await platform.json('up', '--no-web');
    expect(await platform.json('datasets', 'show', 'small')).toEqual(dataset);
    expect(await platform.json('models', 'list')).toEqual(models);
    await expect
      .poll(async () => (await show(run.id)).status, { timeout: 240_000, interval: 100 })
      .toBe('succeeded');
  });
});
