/** @file A run whose database, process or room on the disk is lost on the way: it goes on, or says what to do. */
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SUSPECT_MAP_SIDE } from '@plumbline/contracts';
import { openStores } from '@plumbline/data';
import { type QueueWorker, startQueueWorker } from '@plumbline/db';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { CHILD_LIMITS } from '../env.ts';
import { runSuspectsJob } from '../suspects/suspects-job.ts';
import {
  checkpointsOf,
  childOf,
  graphHash,
  type JobPlatform,
  startJobPlatform,
} from '../testing/job-platform.ts';
import { removeOldCheckpoints } from './fit/old-checkpoints.ts';
import { runTrainJob } from './train-job.ts';

/** Others may load the machine: what counts is the state that is reached. */
const PATIENCE = { timeout: 400_000, interval: 100 };
const TEST_MS = 1_200_000;
/** The first level is done at once, which leaves a checkpoint, and the second one is there to be disturbed in. */
const LONG = { steps: { 16: 2, 8: 100 } };

/** A process that is stopped is given up sooner. */
const LIMITS = { ...CHILD_LIMITS, silenceMs: 5_000 };

let platform: JobPlatform;
let worker: QueueWorker;

beforeAll(async () => {
  platform = await startJobPlatform();
  for (const [name, value] of Object.entries(platform.environment)) vi.stubEnv(name, value);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await platform?.stop();
});

beforeEach(async () => {
  const { database, server } = platform;
  await database.trainers.register({ id: 'trainer', host: 'here', pid: process.pid });
  worker = await startQueueWorker({
    url: server.url,
    trainerId: 'trainer',
    retryDelaysMs: [300, 300],
    handlers: {
      import: async () => {},
      train: (attempt, signal) => runTrainJob({ database, attempt, signal, childLimits: LIMITS }),
      suspects: (attempt, signal) => runSuspectsJob({ database, attempt, signal }),
    },
  });
}, TEST_MS);

afterEach(() => worker?.stop());

const stateOf = (id: string) => platform.stateOf(id).catch(() => 'away');
const statusOf = async (id: string) => (await platform.database.runs.get(id)).status;
const hasCheckpoint = async (id: string) =>
  (await checkpointsOf(platform)).some((name) => name.startsWith(`${id}.`));
const texts = async (id: string) => (await platform.database.runs.logs(id)).map(({ text }) => text);

describe('a run from the queue', () => {
  it(
    'goes on while PostgreSQL is killed and away, in the same attempt, keeps its losses and ends with the same bytes',
    async () => {
      const { database, server, home } = platform;
      const undisturbed = await platform.queue(20);
      await expect.poll(() => stateOf(undisturbed), PATIENCE).toBe('succeeded done');
      const id = await platform.queue(20);
      await expect.poll(() => stateOf(id), PATIENCE).toBe('running fit');
      await expect
        .poll(async () => (await database.runs.losses(id)).points.length, PATIENCE)
        .toBeGreaterThan(0);
      const lock = await readFile(join(home.database, 'postmaster.pid'), 'utf8');
      process.kill(Number(lock.split('\n')[0]), 'SIGKILL');
      await expect.poll(() => server.isRunning(), PATIENCE).toBe(false);
      const child = childOf(id);
      await expect(database.runs.get(id)).rejects.toThrow();
      await server.restart();
      await expect.poll(() => stateOf(id), PATIENCE).toBe('succeeded done');
      expect(child).not.toBeNull();
      const run = await database.runs.get(id);
      expect(run).toMatchObject({ attempts: 1, error: null });
      const { points: losses } = await database.runs.losses(id);
      expect(new Set(losses.map(({ level }) => level)).size).toBe(2);
      expect(losses.filter(({ step }) => step === 20)).toHaveLength(2);
      expect(graphHash(await platform.publishedBy(id))).toBe(
        graphHash(await platform.publishedBy(undisturbed)),
      );
      // The child tidies up after the version is there.
      await platform.untilDone(id);
      await expect.poll(() => checkpointsOf(platform), PATIENCE).toEqual([]);
    },
    TEST_MS,
  );

  it(
    'fails when its process is stopped or killed in every attempt, keeps its checkpoint, and is resumed from there',
    async () => {
      const { database } = platform;
      const id = await platform.queue(100, LONG);
      for (const attempt of [1, 2, 3]) {
        const isTraining = async () =>
          (await database.runs.get(id)).attempts === attempt &&
          (await stateOf(id)) === 'running fit';
        await expect.poll(isTraining, PATIENCE).toBe(true);
        await expect.poll(() => hasCheckpoint(id), PATIENCE).toBe(true);
        const child = childOf(id);
        if (child === null) throw new Error('Nobody trains.');
        process.kill(child, attempt === 1 ? 'SIGSTOP' : 'SIGKILL');
        await expect.poll(() => stateOf(id), PATIENCE).not.toBe('running fit');
        await expect.poll(() => childOf(id), PATIENCE).not.toBe(child);
      }
      await expect.poll(() => statusOf(id), PATIENCE).toBe('failed');
      const killed =
        'The training process was killed (SIGKILL): most likely the machine ran out of memory.';
      expect((await database.runs.get(id)).error).toMatchObject({
        code: 'UNAVAILABLE',
        message: killed,
        fix: expect.stringMatching(/lower batchSize.*--set batchSize=/),
      });
      expect(await texts(id)).toContain(`Retrying in 0.3 s (attempt 3 of 3): ${killed}`);
      expect(await texts(id)).toContainEqual(
        expect.stringMatching(
          /^Retrying in 0.3 s \(attempt 2 of 3\): The training process was ended: it gave no sign of life for 5 s/,
        ),
      );
      expect(await checkpointsOf(platform)).toHaveLength(1);

      await database.runs.resume(id);
      await expect.poll(() => statusOf(id), PATIENCE).toBe('succeeded');
      expect((await database.runs.get(id)).attempts).toBe(4);
      await platform.publishedBy(id);
      await expect.poll(() => checkpointsOf(platform), PATIENCE).toEqual([]);
    },
    TEST_MS,
  );

  it(
    'keeps the checkpoints of cancelled runs for some days',
    async () => {
      const { database, home } = platform;
      const id = await platform.queue(100, LONG);
      const folder = join(home.work, 'checkpoints');
      const store = openStores(home, { kind: 'folder' }).checkpoints;
      await expect.poll(() => hasCheckpoint(id), PATIENCE).toBe(true);
      await database.runs.requestCancel(id);
      await expect.poll(() => statusOf(id), PATIENCE).toBe('cancelled');
      await writeFile(join(folder, 'unknown.17'), 'a part');
      await utimes(join(folder, `${id}.1`), 0, 0);
      expect(await removeOldCheckpoints(database, { store, keptDays: 7 })).toEqual(['unknown.17']);
      expect(await readdir(folder)).toEqual([`${id}.1`]);
      expect(await removeOldCheckpoints(database, { store, keptDays: 0 })).toEqual([`${id}.1`]);
    },
    TEST_MS,
  );

  it(
    'searches for suspects in a process of its own, too, and stops when it is asked to',
    async () => {
      const { suspects } = platform.database;
      const { id } = await suspects.create({ name: 'stripes' });
      await expect.poll(async () => (await suspects.get(id)).status, PATIENCE).toBe('succeeded');
      const { found, checked, total } = await suspects.get(id);
      expect(found?.scored).toBe(found?.images);
      expect(checked).toBeLessThanOrEqual(total ?? 0);
      const { sha256, values } = await suspects.map(id, 0);
      expect([sha256, values.length]).toEqual([found?.listed[0]?.sha256, SUSPECT_MAP_SIDE ** 2]);
      expect(Math.max(...values)).toBeGreaterThan(0);
      const second = await suspects.create({ name: 'stripes' });
      const state = async () => (await suspects.get(second.id)).status;
      await expect.poll(state, PATIENCE).toBe('running');
      await suspects.requestCancel(second.id);
      await expect.poll(state, PATIENCE).toBe('cancelled');
    },
    TEST_MS,
  );
});
