/** @file Training runs in this process, done as a trainer's child does them, on a database and a home of their own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ExecutorSetting,
  type PlatformHome,
  platformHome,
  type Run,
  type SuspectReview,
  startTrainingInput,
} from '@plumbline/contracts';
import { importDataset, openFolderBlobStore, openStores, type Stores } from '@plumbline/data';
import { type Database, openDatabase } from '@plumbline/db';
import { createTestDatabase, taken } from '@plumbline/db/testing';
import { CHILD_LIMITS, type TrainerEnvironment } from '../env.ts';
import { searchSuspects } from '../suspects/search-suspects.ts';
import { attemptName } from '../training/attempt-name.ts';
import { trainModel } from '../training/train-model.ts';

/** Networks that train in a moment, for the preset `tiny`. */
export const SMALL_RLR = { layers: 1, widths: { 8: 32, 16: 16 } };

export interface WorkOptions {
  /** Default `cpu`. */
  readonly executor?: ExecutorSetting;
  readonly featureCacheBytes?: number;
  /** One by default, as other test files compute beside this one; null: all cores. */
  readonly threads?: number | null;
}

export interface TestTraining {
  readonly home: PlatformHome;
  readonly stores: Stores;
  readonly database: Database;
  /** @param writeSource Writes the images, in MVTec layout. */
  addDataset(name: string, writeSource: (folder: string) => Promise<void>): Promise<void>;
  /** A run that waits. @param settings Beside preset `tiny` and `SMALL_RLR`. @returns Its id. */
  begin(settings: Readonly<Record<string, unknown>>): Promise<string>;
  /** Does the run, or goes on with it, in an attempt of its own. */
  work(runId: string, options?: WorkOptions): Promise<Run>;
  /** Both. */
  train(settings: Readonly<Record<string, unknown>>, options?: WorkOptions): Promise<Run>;
  /** Looks through the training images of a dataset's latest version. */
  search(name: string): Promise<SuspectReview>;
  /** Path of a file of the version that the run has published. */
  bundleFile(run: Pick<Run, 'id' | 'attempts'>, name: string): string;
  stop(): Promise<void>;
}

interface Place {
  readonly home: PlatformHome;
  readonly databaseUrl: string;
}

function environmentFor(
  place: Place,
  { executor = 'cpu', featureCacheBytes = 1e9, threads = 1 }: WorkOptions = {},
): TrainerEnvironment {
  return {
    ...place,
    store: { kind: 'folder' },
    codeVersion: 'test',
    host: 'test',
    featureCacheBytes,
    checkpointDays: 7,
    childLimits: CHILD_LIMITS,
    executor,
    threads,
    backboneMirror: null,
    s3: { endpoint: null, region: null },
    webhook: null,
  };
}

export async function startTestTraining(): Promise<TestTraining> {
  const root = await mkdtemp(join(tmpdir(), 'plumbline-train-'));
  const home = platformHome(root);
  const server = await createTestDatabase();
  const database = await openDatabase(server.url);
  const place = { home, databaseUrl: server.url };

  async function begin(settings: Readonly<Record<string, unknown>>): Promise<string> {
    const input = startTrainingInput.parse({
      ...{ method: 'rlr', backbone: 'compact', preset: 'tiny', settings: SMALL_RLR },
      ...settings,
    });
    const { id } = await database.runs.create(input);
    return id;
  }

  async function work(runId: string, options: WorkOptions = {}): Promise<Run> {
    const environment = environmentFor(place, options);
    const { signal } = new AbortController();
    const attempt = await taken(database.attempts, runId);
    await trainModel({ database, environment, attempt, signal });
    return database.runs.get(runId);
  }

  async function search(name: string): Promise<SuspectReview> {
    const { id } = await database.suspects.create({ name });
    const attempt = await taken(database.suspects, id);
    const { signal } = new AbortController();
    await searchSuspects({ database, environment: environmentFor(place), attempt, signal });
    return database.suspects.review({ name });
  }

  return {
    home,
    stores: openStores(home, { kind: 'folder' }),
    database,
    begin,
    work,
    search,
    train: async (settings, options) => work(await begin(settings), options),
    bundleFile: ({ id, attempts }, name) =>
      join(home.bundles, attemptName({ id, number: attempts }), name),
    async addDataset(name, writeSource) {
      const source = join(root, 'sources', name);
      await writeSource(source);
      const blobs = openFolderBlobStore(home.blobs);
      await database.datasets.create({ name, imported: await importDataset({ source, blobs }) });
    },
    async stop() {
      await database.close();
      await server.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}
