/** @file Inference children that are stopped and killed under load: predictions, thumbnails and the API go on. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorBody } from '@plumbline/contracts';
import { refuseInspections } from '@plumbline/db/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { grayPng } from '../testing/pictures.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

const CONNECTIONS = 8;
/** Generous: the machine may be busy with other tests. Without the watchdog a stopped child is waited for for ever. */
const DEADLINE_MS = 60_000;

let platform: TestPlatform;
let png: Uint8Array;

beforeAll(async () => {
  platform = await startTestPlatform();
  await platform.addDataset('parts');
  await platform.publish({ model: 'parts-rlr', dataset: 'parts', graph: 'brightness' });
  png = await grayPng(51);
});
afterAll(() => platform?.stop());

function predict(body: Uint8Array = png): Promise<Response> {
  return fetch(`${platform.url}/v1/models/parts-rlr/predict?version=1`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'image/png' },
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
}

async function childPid(): Promise<number> {
  return (await platform.server.inference.pids())['parts-rlr/1'] ?? 0;
}

async function thumbnail(): Promise<Response> {
  const { samples } = await platform.database.datasets.samples({
    name: 'parts',
    offset: 0,
    limit: 1,
  });
  const size = [64, 128, 256, 512, 1024][thumbnails++ % 5];
  return fetch(`${platform.url}/v1/blobs/${samples[0]?.image.sha256}?size=${size}`);
}
let thumbnails = 0;

describe('under the load of 8 connections', () => {
  // Five of each, on a whole platform: e2e/under-fire.spec.ts.
  test('2 × kill -STOP and 2 × kill -9 of the child fail no prediction', async () => {
    await predict();
    let isOver = false;
    const statuses: number[] = [];
    let slowestMs = 0;
    const load = Array.from({ length: CONNECTIONS }, async () => {
      while (!isOver) {
        const start = performance.now();
        const answer = await predict();
        await answer.arrayBuffer();
        statuses.push(answer.status);
        slowestMs = Math.max(slowestMs, performance.now() - start);
      }
    });
    try {
      for (let round = 0; round < 4; round += 1) {
        const pid = await childPid();
        process.kill(pid, round % 2 === 0 ? 'SIGSTOP' : 'SIGKILL');
        await expect.poll(childPid, { timeout: DEADLINE_MS }).not.toBe(pid);
        const before = statuses.length;
        await expect
          .poll(() => statuses.length, { timeout: DEADLINE_MS })
          .toBeGreaterThan(before + CONNECTIONS);
      }
    } finally {
      // A failure must not leave the load running.
      isOver = true;
    }
    await Promise.all(load);
    console.info(`${statuses.length} predictions, the slowest in ${slowestMs.toFixed(0)} ms`);
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});

test('thumbnails do not wait for predictions that hang', async () => {
  await predict();
  process.kill(await childPid(), 'SIGSTOP');
  let answered = 0;
  const held = Array.from({ length: CONNECTIONS }, () =>
    predict().then((answer) => {
      answered += 1;
      return answer.status;
    }),
  );
  await sleep(300);
  expect((await thumbnail()).status).toBe(200);
  expect(answered).toBe(0);
  expect(new Set(await Promise.all(held))).toEqual(new Set([200]));
});

test('an image that ends two children is not given to a third', async () => {
  await predict();
  let pid = await childPid();
  process.kill(pid, 'SIGSTOP');
  const held = predict();
  await sleep(500);
  process.kill(pid, 'SIGKILL');
  const first = pid;
  while (pid === first) {
    await sleep(5);
    pid = await childPid();
  }
  // Loaded this very moment: it has the image and can't have computed it.
  process.kill(pid, 'SIGSTOP');
  await sleep(500);
  process.kill(pid, 'SIGKILL');
  const answer = await held;
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({
    error: { code: 'UNAVAILABLE', file: 'image', message: expect.stringContaining('twice') },
  });
  expect((await predict()).status).toBe(200);
});

/** While further children are this program, and the one before is gone. */
async function withChildProgram(path: string, work: () => Promise<void>): Promise<void> {
  await predict();
  const pid = await childPid();
  const { execPath } = process;
  process.execPath = path;
  try {
    process.kill(pid, 'SIGKILL');
    await sleep(300);
    await work();
  } finally {
    process.execPath = execPath;
  }
  expect((await predict()).status).toBe(200);
}

test('a child that can not be forked fails its request, not the API', async () => {
  await withChildProgram(join(import.meta.dirname, 'no-such-program'), async () => {
    expect((await predict()).status).toBe(503);
    expect((await fetch(`${platform.url}/healthz`)).status).toBe(200);
  });
});

test('a request that has lost four children, none by its image, is given up', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-recovery-'));
  const [program, started] = [join(folder, 'dies'), join(folder, 'started')];
  await writeFile(program, `#!/bin/sh\necho one >> '${started}'\nkill -9 $$\n`, { mode: 0o755 });
  await withChildProgram(program, async () => {
    const answer = await predict();
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).not.toBeNull();
    const { error } = (await answer.json()) as { error: ErrorBody };
    expect(error).toMatchObject({ code: 'UNAVAILABLE', file: null });
    expect(error.message).toContain('killed by SIGKILL');
    expect(await readFile(started, 'utf8')).toBe('one\n'.repeat(4));
  });
  await rm(folder, { recursive: true });
});

test('what was computed is answered even where it can’t be recorded', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  const status = async () => (await fetch(`${platform.url}/v1/system/status`)).json();
  // Those of before are still written.
  await expect.poll(status, { timeout: 30_000 }).toMatchObject({ inspections: { waiting: 0 } });
  await refuseInspections(platform.databaseUrl);
  const answer = await predict();
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ model: 'parts-rlr', predictedLabel: 'normal' });
  await expect
    .poll(() => log.mock.calls)
    .toContainEqual([expect.stringContaining('the database refused them'), expect.any(Error)]);
  await expect.poll(status).toMatchObject({ inspections: { waiting: 0, dropped: 1 } });
  log.mockRestore();
});
