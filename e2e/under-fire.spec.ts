/**
 * @file Predictions under load while inference processes and the database are stopped and killed, other versions take over, and a
 * large model is loaded beside.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '@plumbline/contracts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeHeavy } from './support/heavy-model.ts';
import { type Answered, Load } from './support/load.ts';
import { TestPlatform } from './support/platform.ts';
import { processesOf } from './support/processes.ts';

/** Above the API's own deadline: who waits longer hangs. */
const LIMIT_MS = 45_000;
/** Generous for a busy machine; the time that it took is printed. */
const RECOVERY_MS = 120_000;

/** Of the heavy model. */
const HEAVY_BYTES = 200 * 2 ** 20;
const SWAPS = 10;
/** Killed ten times and stopped five times. */
const ROUNDS = Array.from({ length: 5 }, () => ['SIGKILL', 'SIGSTOP', 'SIGKILL'] as const).flat();

let platform: TestPlatform;
let load: Load;
let image: Uint8Array<ArrayBuffer>;
let served: Run;

beforeAll(async () => {
  if (process.platform !== 'linux') return;
  platform = await TestPlatform.create();
  await platform.json('up', '--no-web');
  await platform.importSmall('small');
  served = await train();
  image = new Uint8Array(await readFile(await platform.saveAnomalousImage('small')));
  load = await startLoad(`${served.model}/predict?version=${served.modelVersion}`);
  await untilServing(0);
});

function train(...more: string[]): Promise<Run> {
  return platform.json<Run>(
    ...['train', '--dataset', 'small', '--method', 'padim', '--preset', 'tiny', '--wait', ...more],
  );
}

async function startLoad(path: string, connections = 8): Promise<Load> {
  const { apiUrl } = await platform.record();
  const url = `${apiUrl}/v1/models/${path}`;
  return new Load({ url, image, connections, limitMs: LIMIT_MS });
}

afterAll(async () => {
  await load?.stop();
  await platform?.remove();
});

const inferencePids = () =>
  processesOf(platform.home)
    .filter(({ command }) => command.includes('inference-child'))
    .map(({ pid }) => pid);

/** Waits until each connection could have been answered once more, all with success. Gives the milliseconds it took. */
function untilServing(moment: number): Promise<number> {
  return untilLast(load, (answer) => answer.sentAt > moment && answer.status === 200, moment);
}

async function untilLast(
  of: Load,
  isWanted: (answer: Answered) => boolean,
  moment: number,
): Promise<number> {
  await vi.waitFor(() => expect(of.answers.slice(-16).filter(isWanted).length).toBe(16), {
    timeout: RECOVERY_MS,
    interval: 100,
  });
  return of.now - moment;
}

const failuresOf = (answers: readonly Answered[]) => answers.filter(({ status }) => status !== 200);

/** For whoever reads the log: no test depends on how fast a machine is. */
function describeTimes(answers: readonly Answered[]): string {
  const took = answers.map(({ sentAt, answeredAt }) => answeredAt - sentAt).sort((a, b) => a - b);
  const at = (share: number) => took[Math.floor((took.length - 1) * share)]?.toFixed(0);
  return `${took.length} answers: median ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms`;
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
    for (const signal of ROUNDS) {
      const moment = load.now;
      signalChildren(signal);
      took.push(await untilServing(moment));
    }
    console.log(`Serving again after ${took.map((ms) => (ms / 1000).toFixed(1)).join(', ')} s.`);
    expect(failuresOf(load.since(begun))).toEqual([]);
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
    expect(failuresOf(load.since(begun))).toEqual([]);
    expect(await platform.json('status')).toMatchObject({ running: true, problem: null });
  });

  it('no prediction fails while other versions take over, and while a heavy model is loaded beside', async () => {
    const { model } = served;
    await load.stop();
    const second = await train('--model', model, '--seed', '1');
    const heavy = await train('--model', 'heavy');
    await makeHeavy(platform.home, heavy, HEAVY_BYTES);
    await platform.json('models', 'promote', model, String(served.modelVersion));
    const promoted = await startLoad(`${model}/predict`);
    try {
      await untilLast(promoted, ({ modelVersion }) => modelVersion === served.modelVersion, 0);
      await vi.waitFor(() => expect(promoted.answers.length).toBeGreaterThan(100), RECOVERY_MS);
      const usual = promoted.since(0);
      const begun = promoted.now;
      const aside = await startLoad('heavy/predict', 1);
      for (let swap = 0; swap < SWAPS; swap++) {
        const next = swap % 2 === 0 ? second.modelVersion : served.modelVersion;
        await promote(model, next ?? 0);
        const moment = promoted.now;
        await untilLast(promoted, ({ sentAt }) => sentAt > moment, moment);
        // Acknowledged, so nobody who asks afterwards meets the one before.
        const after = promoted.since(moment);
        expect(after.filter(({ modelVersion }) => modelVersion !== next)).toEqual([]);
      }
      await untilLast(aside, ({ status }) => status === 200, 0);
      await aside.stop();
      console.log(
        `Usually ${describeTimes(usual)}; with the swaps ${describeTimes(promoted.since(begun))}.`,
      );
      expect(failuresOf([...promoted.answers, ...aside.answers])).toEqual([]);
    } finally {
      await promoted.stop();
    }
  });
});

async function promote(model: string, version: number): Promise<void> {
  const { apiUrl } = await platform.record();
  const answer = await fetch(`${apiUrl}/v1/models/${model}/versions/${version}/promote`, {
    method: 'POST',
  });
  expect(answer.status).toBe(200);
}
