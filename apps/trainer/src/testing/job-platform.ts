/** @file A database with a small dataset, and trainers as processes of their own, for tests that disturb training runs. */
import { type ChildProcess, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ModelVersion,
  type PlatformHome,
  platformHome,
  startTrainingInput,
} from '@plumbline/contracts';
import { importDataset, openFolderBlobStore } from '@plumbline/data';
import {
  type Database,
  type EmbeddedPostgres,
  migrateDatabase,
  openDatabase,
  startEmbeddedPostgres,
} from '@plumbline/db';
import { forkTypeScript } from '@plumbline/runtime';
import { writeStripes } from './striped-dataset.ts';
import { SMALL_RLR } from './test-training.ts';

export interface JobPlatform {
  readonly home: PlatformHome;
  readonly server: EmbeddedPostgres;
  readonly databaseFolder: string;
  readonly database: Database;
  /** What a trainer finds in its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Queues a run of so many steps per level. @param more Settings. @returns Its id. */
  queue(steps: number, more?: Readonly<Record<string, unknown>>): Promise<string>;
  /** `<status> <stage>`. */
  stateOf(id: string): Promise<string>;
  /** Waits until the run's process has said its last word, which it does after the version is there. */
  untilDone(id: string): Promise<void>;
  /** A whole trainer, which waits for work. @param environment In place of, or beside, the platform's. */
  startTrainer(environment?: Readonly<Record<string, string>>): Promise<ChildProcess>;
  /** The version that the run has published; throws when the hash of a file is not the manifest's. */
  publishedBy(id: string): Promise<ModelVersion>;
  stop(): Promise<void>;
}

export interface JobPlatformOptions {
  /** Folder of everything but the database, which is elsewhere then. */
  readonly disk?: string;
}

export async function startJobPlatform({ disk }: JobPlatformOptions = {}): Promise<JobPlatform> {
  const root = await mkdtemp(join(tmpdir(), 'plumbline-job-'));
  const home = platformHome(disk ?? root);
  const databaseFolder = platformHome(root).database;
  const server = await startEmbeddedPostgres({
    dataDirectory: databaseFolder,
    logFile: join(root, 'postgres.log'),
  });
  await migrateDatabase(server.url);
  const database = await openDatabase(server.url);
  const source = join(root, 'source');
  await writeStripes(source);
  const imported = await importDataset({ source, blobs: openFolderBlobStore(home.blobs) });
  await database.datasets.create({ name: 'stripes', imported });
  const trainers: ChildProcess[] = [];
  const environment = {
    ...{ PLUMBLINE_HOME: home.root, DATABASE_URL: server.url },
    // Other test files compute beside this one.
    ...{ PLUMBLINE_EXECUTOR: 'cpu', PLUMBLINE_THREADS: '1', TSX_DISABLE_CACHE: '1' },
  };
  return {
    ...{ home, server, databaseFolder, database, environment },
    async queue(steps, more = {}) {
      const settings = { ...SMALL_RLR, steps: { 16: steps, 8: steps }, ...more };
      const asked = { dataset: 'stripes', method: 'rlr', backbone: 'compact', preset: 'tiny' };
      const input = startTrainingInput.parse({ ...asked, settings, maxSteps: steps });
      return (await database.runs.create(input)).id;
    },
    async stateOf(id) {
      const { status, stage } = await database.runs.get(id);
      return `${status} ${stage}`;
    },
    async untilDone(id) {
      const isDone = async () =>
        (await database.runs.logs(id)).some(({ text }) => /^Done in/.test(text));
      while (!(await isDone())) await sleep(100);
    },
    async startTrainer(more = {}) {
      const trainer = forkTypeScript(new URL('../main.ts', import.meta.url), [], {
        env: { ...process.env, ...environment, ...more },
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      trainers.push(trainer);
      await once(trainer, 'message');
      return trainer;
    },
    publishedBy: (id) => publishedBy({ database, home }, id),
    async stop() {
      for (const trainer of trainers) await end(trainer);
      await database.close();
      await server.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function end(trainer: ChildProcess): Promise<void> {
  if (trainer.exitCode !== null || trainer.signalCode !== null) return;
  const ended = once(trainer, 'exit');
  trainer.kill('SIGKILL');
  await ended;
}

async function publishedBy(
  { database, home }: Pick<JobPlatform, 'database' | 'home'>,
  id: string,
): Promise<ModelVersion> {
  const { model, modelVersion } = await database.runs.get(id);
  const version = await database.models.get(model, modelVersion ?? 0);
  const folder = await database.models.bundleDirectory(model, version.version);
  for (const { name, sha256 } of version.manifest.files) {
    const found = createHash('sha256').update(readFileSync(join(home.bundles, folder, name)));
    if (found.digest('hex') !== sha256) throw new Error(`${name} is not what the manifest says.`);
  }
  return version;
}

/** SHA-256 of a version's graph. */
export function graphHash({ manifest }: ModelVersion): string | undefined {
  return manifest.files.find(({ name }) => name === 'model.onnx')?.sha256;
}

/** The process that trains the run; null when nobody does. */
export function childOf(runId: string): number | null {
  const listed = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' });
  const line = listed.split('\n').find((one) => /training-child/.test(one) && one.includes(runId));
  return line === undefined ? null : Number(line.trim().split(/\s+/)[0]);
}

export function checkpointsOf({ home }: Pick<JobPlatform, 'home'>): Promise<string[]> {
  return readdir(join(home.work, 'checkpoints')).catch((): string[] => []);
}
