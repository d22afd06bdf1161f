import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '@plumbline/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestPlatform } from './support/platform.ts';

const PATIENCE = { timeout: 60_000, interval: 100 };
const CONNECTIONS = 8;
/** No request may take longer than this, killed database or not. */
const DEADLINE_MS = 30_000;

let platform: TestPlatform;
let apiUrl: string;
let image: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  platform = await TestPlatform.create();
  await platform.json('up', '--no-web');
  ({ apiUrl } = await platform.record());
  await platform.json('datasets', 'import', '--sample', '--name', 'sample');
  await platform.json<Run>(
    ...['train', '--dataset', 'sample', '--preset', 'tiny', '--method', 'patchcore', '--wait'],
  );
  image = new Uint8Array(await readFile(await platform.saveAnomalousImage('sample')));
});

afterAll(async () => {
  await platform?.remove();
});

async function predict(): Promise<number> {
  const answer = await fetch(`${apiUrl}/v1/models/sample-patchcore/predict`, {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body: image,
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  await answer.arrayBuffer();
  return answer.status;
}

async function killPostgres(): Promise<void> {
  const lock = await readFile(join(platform.home, 'postgres', 'postmaster.pid'), 'utf8');
  process.kill(Number(lock.split('\n')[0]), 'SIGKILL');
}

it('serves again within seconds each time PostgreSQL is killed under load; no request hangs', async () => {
  const statuses: { status: number; at: number }[] = [];
  let going = true;
  const clients = Array.from({ length: CONNECTIONS }, async () => {
    while (going) statuses.push({ status: await predict(), at: performance.now() });
  });
  const recoveries: number[] = [];
  try {
    for (const _round of [1, 2]) {
      const before = statuses.length;
      await expect.poll(() => statuses.length, PATIENCE).toBeGreaterThan(before + CONNECTIONS);
      const killedAt = performance.now();
      await killPostgres();
      const failed = () => statuses.some(({ status, at }) => at > killedAt && status === 503);
      await expect.poll(failed, PATIENCE).toBe(true);
      const recovered = () =>
        statuses.slice(-2 * CONNECTIONS).every(({ status }) => status === 200);
      await expect.poll(recovered, PATIENCE).toBe(true);
      const lastFailure = statuses.findLast(({ status }) => status !== 200);
      recoveries.push((lastFailure?.at ?? killedAt) - killedAt);
    }
  } finally {
    going = false;
    await Promise.allSettled(clients);
  }
  await Promise.all(clients);
  console.log(`Last refusal after each kill: ${recoveries.map(Math.round).join(' and ')} ms.`);
  expect([...new Set(statuses.map(({ status }) => status))].sort()).toEqual([200, 503]);
  expect(Math.max(...recoveries)).toBeLessThan(DEADLINE_MS);
  const { running, problem } = await platform.json<{ running: boolean; problem: string | null }>(
    'status',
  );
  expect({ running, problem }).toEqual({ running: true, problem: null });
});
