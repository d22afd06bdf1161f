/** @file A trainer that is paused, taken over and continued: one version is published, and its files are whole. */
import type { ChildProcess } from 'node:child_process';
import { takeOverLostTrainers } from '@plumbline/db';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { childOf, graphHash, type JobPlatform, startJobPlatform } from '../testing/job-platform.ts';

const PATIENCE = { timeout: 400_000, interval: 100 };
const TEST_MS = 1_200_000;
const STEPS = 60;
/** What the network costs is not what this is about. */
const SMALL = { imageSizePx: 64, strides: [8] };

let platform: JobPlatform;
/** The trainer that is paused. */
let paused: ChildProcess | null = null;
/** A run that nothing happened to. */
let undisturbed: string | null = null;
beforeAll(async () => {
  platform = await startJobPlatform();
});
afterAll(() => platform?.stop());

const stateOf = (id: string) => platform.stateOf(id);
const living = async () =>
  (await platform.database.trainers.list()).filter(({ alive }) => alive).length;

it.skipIf(process.platform === 'win32').each([
  { what: 'the trainer, whose child goes on', withChild: false },
  { what: 'the trainer and its child', withChild: true },
])(
  'SIGSTOP of $what',
  async ({ withChild }) => {
    const { database, server } = platform;
    paused ??= await platform.startTrainer();
    const first = paused;
    undisturbed ??= await platform.queue(STEPS, SMALL);
    const reference = undisturbed;
    await expect.poll(() => stateOf(reference), PATIENCE).toBe('succeeded done');
    const id = await platform.queue(STEPS, SMALL);
    await expect.poll(() => stateOf(id), PATIENCE).toBe('running fit');
    const child = childOf(id) ?? 0;
    expect(child).toBeGreaterThan(0);
    // The child that goes on is stopped for as long as the taking over takes: it might be done before.
    process.kill(child, 'SIGSTOP');
    first.kill('SIGSTOP');
    const takenOver = () => takeOverLostTrainers(server.url, { lostAfterMs: 1_000 });
    await expect.poll(takenOver, PATIENCE).toEqual([id]);
    // Nobody has taken the run yet, and it is the child's no more.
    if (!withChild) process.kill(child, 'SIGCONT');
    if (!withChild) await expect.poll(() => childOf(id), PATIENCE).toBeNull();

    const second = await platform.startTrainer();
    await expect.poll(() => stateOf(id), PATIENCE).toBe('succeeded done');
    expect((await database.runs.get(id)).attempts).toBe(2);
    const version = await platform.publishedBy(id);
    await platform.untilDone(id);
    const logs = await database.runs.logs(id);

    if (withChild) process.kill(child, 'SIGCONT');
    first.kill('SIGCONT');
    await expect.poll(() => childOf(id), PATIENCE).toBeNull();
    // It is a trainer again, with its next heartbeat.
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
      const next = await platform.queue(2, SMALL);
      await expect.poll(() => stateOf(next), PATIENCE).toBe('succeeded done');
      for (const one of [first, second]) one.kill('SIGCONT');
    }
    second.kill('SIGTERM');
    await expect.poll(living, PATIENCE).toBe(1);
  },
  TEST_MS,
);

it.skipIf(process.platform === 'win32')(
  'the one that was paused ends when it is told to',
  async () => {
    paused?.kill('SIGTERM');
    await expect.poll(living, PATIENCE).toBe(0);
  },
);
