/**
 * @file A run that loses the room on its disk and its process, stage after stage: it goes on, and ends with the bytes of a run
 * that nothing disturbed. `PLUMBLINE_TEST_FAULTS=all` adds what is too slow for every day: SIGKILL in features and fit too
 * (`train-job.int.test.ts` and `feature-cache.int.test.ts` show them by themselves), and a database that is away for
 * longer than anybody waits for it.
 */
import { existsSync, readdirSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type QueueWorker, startQueueWorker } from '@plumbline/db';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { childOf, graphHash, type JobPlatform, startJobPlatform } from '../testing/job-platform.ts';
import { mountSmallDisk, NO_SMALL_DISK, type SmallDisk } from '../testing/small-disk.ts';
import { runTrainJob } from './train-job.ts';
import { DATABASE_WAIT_MS } from './training-context.ts';

/** Others may load the machine: what counts is the state that is reached. */
const PATIENCE = { timeout: 400_000, interval: 10 };
const TEST_MS = 1_200_000;
const IS_ALL = process.env['PLUMBLINE_TEST_FAULTS'] === 'all';
const KILLED_IN = IS_ALL
  ? (['features', 'fit', 'export', 'evaluate'] as const)
  : (['export', 'evaluate'] as const);
/** Starting a process is most of an attempt. */
const STEPS = 4;
const SMALL = { imageSizePx: 64, strides: [8] };
const DISK_BYTES = 64e6;

let disk: SmallDisk | null = null;
let platform: JobPlatform;
let worker: QueueWorker;

beforeAll(async () => {
  if (NO_SMALL_DISK === null) disk = mountSmallDisk(DISK_BYTES);
  platform = await startJobPlatform(disk === null ? {} : { disk: disk.folder });
  for (const [name, value] of Object.entries(platform.environment)) vi.stubEnv(name, value);
  const { database, server } = platform;
  await database.trainers.register({ id: 'trainer', host: 'here', pid: process.pid });
  worker = await startQueueWorker({
    url: server.url,
    trainerId: 'trainer',
    retryDelaysMs: Array.from({ length: 8 }, () => 100),
    handlers: { train: (attempt, signal) => runTrainJob({ database, attempt, signal }) },
  });
}, TEST_MS);

afterAll(async () => {
  await worker?.stop();
  vi.unstubAllEnvs();
  await platform?.stop();
  disk?.remove();
});

const runOf = (id: string) => platform.database.runs.get(id);
const stateOf = (id: string) => platform.stateOf(id).catch(() => 'away');

async function reach(id: string, attempt: number, stage: string): Promise<void> {
  const where = async () => {
    const run = await runOf(id);
    return `${run.attempts} ${run.status} ${run.stage}`;
  };
  await expect.poll(where, PATIENCE).toBe(`${attempt} running ${stage}`);
}

function signalChild(id: string, signal: NodeJS.Signals): void {
  const child = childOf(id);
  if (child === null) throw new Error('Nobody trains.');
  process.kill(child, signal);
}

/** Stops the attempt's process in the middle of computing features. */
async function stopInFeatures(id: string, attempt: number): Promise<void> {
  await rm(join(platform.home.cache, 'features'), { recursive: true, force: true });
  await reach(id, attempt, 'features');
  const child = childOf(id);
  if (child === null) throw new Error('Nobody trains.');
  while (!halfWritten().some((name) => name.endsWith('.partial'))) await sleep(1);
  process.kill(child, 'SIGSTOP');
  expect(halfWritten().filter((name) => name.endsWith('.partial'))).toHaveLength(1);
}

function halfWritten(): string[] {
  const { cache, work, bundles } = platform.home;
  return [cache, work, bundles].filter(existsSync).flatMap((folder) => {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return names.filter((name) => /\.(partial|mark|new)$|lock$/.test(name));
  });
}

async function untilItWaits(id: string, attempt: number): Promise<void> {
  const isOver = async () => {
    const { attempts, status } = await runOf(id);
    return attempts > attempt || status === 'queued';
  };
  await expect.poll(isOver, PATIENCE).toBe(true);
}

/** Of the run's published graph, once that is there. */
async function bytesOf(id: string): Promise<string | undefined> {
  await expect.poll(() => stateOf(id), PATIENCE).toBe('succeeded done');
  await expect.poll(() => childOf(id), PATIENCE).toBeNull();
  return graphHash(await platform.publishedBy(id));
}

async function fillInEveryStage(id: string, small: SmallDisk): Promise<void> {
  await stopInFeatures(id, 1);
  small.fill();
  signalChild(id, 'SIGCONT');
  await untilItWaits(id, 1);
  expect(halfWritten()).toEqual([]);
  small.free();
  await reach(id, 2, 'fit');
  small.fill();
  await untilItWaits(id, 2);
  expect(halfWritten()).toEqual([]);
  small.free();
  const texts = (await platform.database.runs.logs(id)).map(({ text }) => text);
  expect(texts.filter((text) => /room|is full/.test(text))).toEqual([
    expect.stringMatching(
      /^Retrying in 0.1 s \(attempt 2 .*: The features of 8 images take 0\.\d MB, but the disk is full: 0\.\d MB left \(.*cache.features\)/,
    ),
    expect.stringMatching(
      /no room .* in .*checkpoints, where 0\.0 MB are free\. Training goes on without a checkpoint/,
    ),
    expect.stringMatching(
      /^Retrying in 0.1 s \(attempt 3 .* no room .* a file of 0\.\d MB in .*bundles.*, where 0\.\d MB are free/,
    ),
  ]);
}

describe('a run', () => {
  it(
    `whose process is killed in ${KILLED_IN.join(', ')}, and before that the disk is full in features, checkpoint and bundle (${NO_SMALL_DISK === null ? 'a tmpfs' : `skipped: ${NO_SMALL_DISK}`})`,
    async () => {
      const undisturbed = await bytesOf(await platform.queue(STEPS, SMALL));
      const id = await platform.queue(STEPS, SMALL);
      if (disk !== null) await fillInEveryStage(id, disk);
      const failed = disk === null ? 0 : 2;
      for (const [index, stage] of KILLED_IN.entries()) {
        const attempt = failed + index + 1;
        if (stage === 'features') await stopInFeatures(id, attempt);
        else await reach(id, attempt, stage);
        signalChild(id, 'SIGKILL');
      }
      expect(await bytesOf(id)).toBe(undisturbed);
      expect(halfWritten()).toEqual([]);
      expect((await runOf(id)).attempts).toBe(failed + KILLED_IN.length + 1);
    },
    TEST_MS,
  );

  it.skipIf(!IS_ALL)(
    'whose database goes in the fit and is away for longer than publishing waits (opt-in: PLUMBLINE_TEST_FAULTS=all)',
    async () => {
      const { database, databaseFolder, server } = platform;
      const undisturbed = await bytesOf(await platform.queue(STEPS, SMALL));
      const before = await database.models.versions('stripes-rlr');
      const id = await platform.queue(STEPS, SMALL);
      await reach(id, 1, 'fit');
      const lock = await readFile(join(databaseFolder, 'postmaster.pid'), 'utf8');
      process.kill(Number(lock.split('\n')[0]), 'SIGKILL');
      await sleep(DATABASE_WAIT_MS + 15_000);
      await server.restart();
      expect(await bytesOf(id)).toBe(undisturbed);
      expect(await runOf(id)).toMatchObject({ attempts: 2, error: null });
      const texts = (await database.runs.logs(id)).map(({ text }) => text);
      expect(texts).toContainEqual(
        expect.stringMatching(/^Retrying .*The database could not be used within 120 s/),
      );
      const versions = await database.models.versions('stripes-rlr');
      expect(versions.slice(1)).toEqual(before);
    },
    TEST_MS,
  );
});
