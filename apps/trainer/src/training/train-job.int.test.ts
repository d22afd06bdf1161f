/** @file A run whose database, process or room on the disk is lost on the way: it goes on, or says what to do. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PlatformHome, platformHome, startTrainingInput } from '@plumbline/contracts';
import { importDataset, openFolderBlobStore } from '@plumbline/data';
import {
  type Database,
  type EmbeddedPostgres,
  migrateDatabase,
  openDatabase,
  type QueueWorker,
  startEmbeddedPostgres,
  startQueueWorker,
} from '@plumbline/db';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeStripes } from '../testing/striped-dataset.ts';
import { SMALL_RLR } from '../testing/test-training.ts';
import { CHECKPOINT_DAYS, removeOldCheckpoints } from './fit/old-checkpoints.ts';
import { runTrainJob } from './train-job.ts';

/** Others may load the machine: what counts is the state that is reached. */
const PATIENCE = { timeout: 400_000, interval: 100 };
const TEST_MS = 1_200_000;

let root: string;
let home: PlatformHome;
let server: EmbeddedPostgres;
let database: Database;
let worker: QueueWorker;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumbline-job-'));
  home = platformHome(root);
  server = await startEmbeddedPostgres({
    dataDirectory: home.database,
    logFile: join(root, 'postgres.log'),
  });
  await migrateDatabase(server.url);
  database = await openDatabase(server.url);
  const source = join(root, 'source');
  await writeStripes(source);
  const imported = await importDataset({ source, blobs: openFolderBlobStore(home.blobs) });
  await database.datasets.create({ name: 'stripes', imported });
  vi.stubEnv('PLUMBLINE_HOME', root);
  vi.stubEnv('DATABASE_URL', server.url);
  vi.stubEnv('PLUMBLINE_EXECUTOR', 'cpu');
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await database?.close();
  await server?.stop();
  await rm(root, { recursive: true, force: true });
});

beforeEach(async () => {
  await database.trainers.register({ id: 'trainer', host: 'here', pid: process.pid });
  worker = await startQueueWorker({
    url: server.url,
    trainerId: 'trainer',
    retryDelaysMs: [300, 300],
    handlers: {
      import: async () => {},
      train: (runId, signal) => runTrainJob({ database, trainerId: 'trainer', runId, signal }),
    },
  });
}, TEST_MS);

afterEach(() => worker?.stop());

async function start(steps: number): Promise<string> {
  const settings = { ...SMALL_RLR, steps: { 16: steps, 8: steps } };
  const input = startTrainingInput.parse({
    dataset: 'stripes',
    method: 'rlr',
    backbone: 'compact',
    preset: 'tiny',
    settings,
    maxSteps: steps,
  });
  return (await database.runs.create(input)).id;
}

const stateOf = async (id: string) => {
  const { status, stage } = await database.runs.get(id);
  return `${status} ${stage}`;
};

/** The process that trains the run. */
function childOf(id: string): number | null {
  const listed = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' });
  const line = listed.split('\n').find((one) => /training-child/.test(one) && one.includes(id));
  return line === undefined ? null : Number(line.trim().split(/\s+/)[0]);
}

const checkpoints = (): Promise<string[]> =>
  readdir(join(home.work, 'checkpoints')).catch((): string[] => []);

const texts = async (id: string) => (await database.runs.logs(id)).map(({ text }) => text);

describe('a run from the queue', () => {
  it(
    'goes on while PostgreSQL is killed and away, in the same attempt, and keeps its losses',
    async () => {
      const id = await start(80);
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
      await expect.poll(() => stateOf(id).catch(() => 'away'), PATIENCE).toBe('succeeded done');
      expect(child).not.toBeNull();
      const run = await database.runs.get(id);
      expect(run).toMatchObject({ attempts: 1, error: null });
      const { points: losses } = await database.runs.losses(id);
      expect(new Set(losses.map(({ level }) => level)).size).toBe(2);
      expect(losses.filter(({ step }) => step === 80)).toHaveLength(2);
      // The child says its last word and tidies up after the version is there.
      const isDone = async () => (await texts(id)).some((text) => /^Done in/.test(text));
      await expect.poll(isDone, PATIENCE).toBe(true);
      await expect.poll(checkpoints, PATIENCE).toEqual([]);
    },
    TEST_MS,
  );

  it(
    'fails when its process is killed in every attempt, keeps its checkpoint, and is resumed from there',
    async () => {
      const id = await start(400);
      for (const attempt of [1, 2, 3]) {
        const isTraining = async () =>
          (await database.runs.get(id)).attempts === attempt &&
          (await stateOf(id)) === 'running fit';
        await expect.poll(isTraining, PATIENCE).toBe(true);
        const hasCheckpoint = async () => (await checkpoints()).includes(id);
        await expect.poll(hasCheckpoint, PATIENCE).toBe(true);
        const child = childOf(id);
        if (child === null) throw new Error('Nobody trains.');
        process.kill(child, 'SIGKILL');
        await expect.poll(() => stateOf(id), PATIENCE).not.toBe('running fit');
      }
      await expect.poll(async () => (await database.runs.get(id)).status, PATIENCE).toBe('failed');
      expect((await database.runs.get(id)).error).toMatchObject({
        code: 'UNAVAILABLE',
        message: 'The training process crashed.',
      });
      expect(await texts(id)).toContain(
        'Retrying in 0.3 s (attempt 2 of 3): The training process crashed.',
      );
      expect(await checkpoints()).toEqual([id]);

      await database.runs.resume(id);
      await expect
        .poll(async () => (await database.runs.get(id)).status, PATIENCE)
        .toBe('succeeded');
      expect((await database.runs.get(id)).attempts).toBe(4);
      await expect.poll(checkpoints, PATIENCE).toEqual([]);
    },
    TEST_MS,
  );

  it(
    'keeps the checkpoints of cancelled runs for some days',
    async () => {
      const id = await start(400);
      const folder = join(home.work, 'checkpoints');
      const hasCheckpoint = async () => (await checkpoints()).includes(id);
      await expect.poll(hasCheckpoint, PATIENCE).toBe(true);
      await database.runs.requestCancel(id);
      await expect
        .poll(async () => (await database.runs.get(id)).status, PATIENCE)
        .toBe('cancelled');
      await writeFile(join(folder, 'unknown.17'), 'a part');
      await utimes(join(folder, id), 0, 0);
      expect(await removeOldCheckpoints(database, folder)).toEqual(['unknown.17']);
      expect(await readdir(folder)).toEqual([id]);
      const later = Date.now() + (CHECKPOINT_DAYS + 1) * 86_400_000;
      expect(await removeOldCheckpoints(database, folder, later)).toEqual([id]);
    },
    TEST_MS,
  );
});
