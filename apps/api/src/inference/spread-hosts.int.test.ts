/** @file Several images at once go to children that share the threads; a single one does not, and none is lost with a child. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { grayPng } from '../testing/pictures.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { defaultSpread } from './spread-hosts.ts';

const PATIENCE = { timeout: 60_000 };

let platform: TestPlatform;
let png: Uint8Array;

beforeAll(async () => {
  platform = await startTestPlatform({
    // The version that is replaced stays for all of this, however slow the machine.
    inference: { threads: 2, spread: 2, capacity: 6, retiredMs: 600_000 },
  });
  await platform.addDataset('parts');
  await platform.publish({ model: 'parts-rlr', dataset: 'parts' });
  png = await grayPng(51);
});
afterAll(() => platform?.stop());

async function predict(): Promise<number> {
  const answer = await fetch(`${platform.url}/v1/models/parts-rlr/predict`, {
    method: 'POST',
    body: new Uint8Array(png),
    headers: { 'content-type': 'image/png' },
  });
  const { imageScore } = (await answer.json()) as { imageScore: number };
  expect(imageScore).toBeCloseTo(0.2, 5);
  return answer.status;
}

const predictAll = () => Promise.all(Array.from({ length: 8 }, predict));
const further = () => platform.server.inference.spreadPids();

test('as many as share the threads, while there is memory for them', async () => {
  for (let index = 0; index < 3; index += 1) await predict();
  expect(further()).toEqual([]);
  const underLoad = async () => {
    await predictAll();
    return further().length;
  };
  // A few images may be answered before another child pays.
  await expect.poll(underLoad, PATIENCE).toBe(2);
  expect(Object.keys(await platform.server.inference.pids())).toEqual(['parts-rlr/1']);
  expect([1, 2, 8, 64].map(defaultSpread)).toEqual([0, 2, 4, 4]);
});

test('one that is killed is replaced, and its images are computed elsewhere', async () => {
  const killed = further()[0] ?? Number.NaN;
  expect(killed).toBeGreaterThan(1);
  const statuses: number[] = [];
  for (let round = 0; round < 4; round += 1) {
    const asked = predictAll();
    if (round === 1) process.kill(killed, 'SIGKILL');
    statuses.push(...(await asked));
  }
  expect(new Set(statuses)).toEqual(new Set([200]));
  const isReplaced = async () => {
    await predictAll();
    return further().length === 2 && !further().includes(killed);
  };
  await expect.poll(isReplaced, PATIENCE).toBe(true);
});

test('a version that takes over has as many as the one before it, once it serves', async () => {
  await platform.publish({ model: 'parts-rlr', dataset: 'parts' });
  const before = further();
  const promoted = await fetch(`${platform.url}/v1/models/parts-rlr/versions/2/promote`, {
    method: 'POST',
  });
  expect(promoted.status).toBe(200);
  const after = further().filter((pid) => !before.includes(pid));
  expect(after).toHaveLength(2);
  await predictAll();
  expect(further()).toEqual(expect.arrayContaining(after));
});

test('another version’s child comes before them', async () => {
  await platform.publish({ model: 'others', dataset: 'parts', graph: 'darkness' });
  const answer = await fetch(`${platform.url}/v1/models/others/predict`, {
    method: 'POST',
    body: new Uint8Array(png),
    headers: { 'content-type': 'image/png' },
  });
  expect(answer.status).toBe(200);
  await expect.poll(() => further().length, PATIENCE).toBe(2);
  expect(Object.keys(await platform.server.inference.pids()).sort()).toEqual([
    'others/1',
    'parts-rlr/1',
    'parts-rlr/2',
  ]);
});
