/** @file Predictions under load while inference processes and the database are stopped and killed. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '@plumbline/contracts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Load } from './support/load.ts';
import { TestPlatform } from './support/platform.ts';
import { processesOf } from './support/processes.ts';

/** Above the API's own deadline: who waits longer hangs. */
const LIMIT_MS = 45_000;
/** Generous for a busy machine; the time that it took is printed. */
const RECOVERY_MS = 120_000;

let platform: TestPlatform;
let load: Load;

beforeAll(async () => {
  if (process.platform !== 'linux') return;
  platform = await TestPlatform.create();
  await platform.json('up', '--no-web');
  await platform.importSmall('small');
  const run = await platform.json<Run>(
    ...['train', '--dataset', 'small', '--method', 'padim', '--preset', 'tiny', '--wait'],
  );
  const image = new Uint8Array(await readFile(await platform.saveAnomalousImage('small')));
  const { apiUrl } = await platform.record();
  const url = `${apiUrl}/v1/models/${run.model}/predict?version=${run.modelVersion}`;
  load = new Load({ url, image, connections: 8, limitMs: LIMIT_MS });
  await untilServing(0);
});

afterAll(async () => {
  await load?.stop();
  await platform?.remove();
});

const inferencePids = () =>
  processesOf(platform.home)
    .filter(({ command }) => command.includes('inference-child'))
    .map(({ pid }) => pid);

/** Waits until each connection could have been answered once more, all with success. Gives the milliseconds it took. */
async function untilServing(moment: number): Promise<number> {
  await vi.waitFor(
    () => {
      const last = load.answers.slice(-16);
      expect(last.filter((a) => a.sentAt > moment && a.status === 200).length).toBe(16);
    },
    { timeout: RECOVERY_MS, interval: 100 },
  );
  return load.now - moment;
}

async function isReady(): Promise<boolean> {
  return platform.get('/readyz').then(
    () => true,
    () => false,
  );
}

function signalChildren(signal: NodeJS.Signals): void {
  const pids = inferencePids();
  expect(pids.length).toBeGreaterThan(0);
  for (const pid of pids) process.kill(pid, signal);
}

describe.skipIf(process.platform !== 'linux')('under load (reads /proc, so Linux alone)', () => {
  it('no prediction fails while inference processes are stopped and killed', async () => {
    const begun = load.now;
    const took: number[] = [];
    for (const signal of Array.from({ length: 5 }, () => ['SIGSTOP', 'SIGKILL'] as const).flat()) {
      const moment = load.now;
      signalChildren(signal);
      took.push(await untilServing(moment));
    }
    console.log(`Serving again after ${took.map((ms) => (ms / 1000).toFixed(1)).join(', ')} s.`);
    expect(load.since(begun).filter(({ status }) => status !== 200)).toEqual([]);
  });

  it('no prediction fails while PostgreSQL is killed, which is there again soon', async () => {
    const begun = load.now;
    const took: number[] = [];
    for (let kill = 0; kill < 2; kill++) {
      const file = await readFile(join(platform.home, 'postgres', 'postmaster.pid'), 'utf8');
      const moment = load.now;
      process.kill(Number(file.split('\n')[0]), 'SIGKILL');
      // Predictions ask no database; everything else waits for it.
      await expect.poll(isReady, { timeout: RECOVERY_MS }).toBe(false);
      await expect.poll(isReady, { timeout: RECOVERY_MS }).toBe(true);
      took.push(load.now - moment);
      await untilServing(moment);
    }
    console.log(`There again after ${took.map((ms) => (ms / 1000).toFixed(1)).join(', ')} s.`);
    expect(load.since(begun).filter(({ status }) => status !== 200)).toEqual([]);
    expect(await platform.json('status')).toMatchObject({ running: true, problem: null });
  });
});
