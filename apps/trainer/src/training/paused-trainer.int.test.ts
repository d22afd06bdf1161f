/** @file A trainer that is paused, taken over and continued: one version is published, and its files are whole. */
import { setTimeout as sleep } from 'node:timers/promises';
import { takeOverLostTrainers } from '@plumbline/db';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { childOf, graphHash, type JobPlatform, startJobPlatform } from '../testing/job-platform.ts';

const PATIENCE = { timeout: 400_000, interval: 200 };
const TEST_MS = 1_200_000;
const STEPS = 300;

let platform: JobPlatform;
/** A run that nothing happened to, once it has been trained. */
let undisturbed: string | null = null;
beforeAll(async () => {
  platform = await startJobPlatform();
});
afterAll(() => platform?.stop());

const stateOf = (id: string) => platform.stateOf(id);

it.skipIf(process.platform === 'win32').each([
  { paused: 'the trainer, whose child goes on', withChild: false },
  { paused: 'the trainer and its child', withChild: true },
])(
  'SIGSTOP of $paused',
  async ({ withChild }) => {
    const { database, server } = platform;
    const first = await platform.startTrainer();
    undisturbed ??= await platform.queue(STEPS);
    const reference = undisturbed;
    await expect.poll(() => stateOf(reference), PATIENCE).toBe('succeeded done');

    const id = await platform.queue(STEPS);
    await expect.poll(() => stateOf(id), PATIENCE).toBe('running fit');
    const child = childOf(id) ?? 0;
    expect(child).toBeGreaterThan(0);
    first.kill('SIGSTOP');
    if (withChild) process.kill(child, 'SIGSTOP');
    // Heartbeats come every five seconds: the paused trainer is the only one that has been silent for longer.
    await sleep(7_000);
    expect(await takeOverLostTrainers(server.url, { lostAfterMs: 6_000 })).toEqual([id]);
    // Nobody has taken the run yet, and it is the child's no more.
    if (!withChild) await expect.poll(() => childOf(id), PATIENCE).toBeNull();

    const second = await platform.startTrainer();
    await expect.poll(() => stateOf(id), PATIENCE).toBe('succeeded done');
    expect((await database.runs.get(id)).attempts).toBe(2);
    const version = await platform.publishedBy(id);
    const logs = await database.runs.logs(id);

    if (withChild) process.kill(child, 'SIGCONT');
    first.kill('SIGCONT');
    await expect.poll(() => childOf(id), PATIENCE).toBeNull();
    // It is a trainer again, with its next heartbeat.
    const living = async () => (await database.trainers.list()).filter(({ alive }) => alive).length;
    await expect.poll(living, PATIENCE).toBe(2);
    expect(await platform.publishedBy(id)).toEqual(version);
    expect(await database.runs.logs(id)).toEqual(logs);
    expect((await database.runs.get(id)).modelVersion).toBe(version.version);
    const versions = await database.models.versions(version.model);
    expect(versions.filter(({ manifest }) => manifest.lineage.run === id)).toHaveLength(1);
    expect(graphHash(version)).toBe(graphHash(await platform.publishedBy(reference)));

    // Both go on taking work.
    for (const other of [first, second]) {
      if (other === first) second.kill('SIGSTOP');
      else first.kill('SIGSTOP');
      const next = await platform.queue(2);
      await expect.poll(() => stateOf(next), PATIENCE).toBe('succeeded done');
      for (const one of [first, second]) one.kill('SIGCONT');
    }
    for (const one of [first, second]) one.kill('SIGTERM');
    await expect.poll(living, PATIENCE).toBe(0);
  },
  TEST_MS,
);
