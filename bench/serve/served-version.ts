/** @file A database with many versions of one model, all with the graph of one bundle. */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import {
  bundleManifestSchema,
  DEFAULT_METHOD,
  type PlatformHome,
  platformHome,
} from '@plumbline/contracts';
import { generateSampleDataset, importDataset, openFolderBlobStore } from '@plumbline/data';
import { type Database, openDatabase } from '@plumbline/db';
import { createTestDatabase } from '@plumbline/db/testing';
import { writeDatasetFolder } from '../../apps/api/src/testing/dataset-folder.ts';
import { startTestTraining } from '../../apps/trainer/src/testing/test-training.ts';
import { addBallast } from '../../e2e/support/heavy-model.ts';

export const MODEL = 'served';
/** The same with a graph of 200 MB more; promoted, never loaded. */
export const HEAVY_MODEL = 'heavy';
const BALLAST_BYTES = 200 * 2 ** 20;
const DATASET = 'parts';
/** None of its content, which nobody compares here. */
const BUNDLE_HASH = '0'.repeat(64);

export interface ServedVersions {
  readonly home: PlatformHome;
  readonly databaseUrl: string;
  readonly modelPath: string;
  stop(): Promise<void>;
}

export interface ServedVersionsOptions {
  /** The folder of a bundle; one is trained when it is null. */
  readonly bundle: string | null;
  /** Of the one that is trained. */
  readonly backbone: string;
  readonly versions: number;
  /** Beside it `HEAVY_MODEL`. */
  readonly hasHeavy?: boolean;
}

/** The last version serves. */
export async function serveVersions(options: ServedVersionsOptions): Promise<ServedVersions> {
  const root = await mkdtemp(join(tmpdir(), 'plumbline-serve-'));
  const home = platformHome(root);
  const server = await createTestDatabase();
  const database = await openDatabase(server.url);
  const source = join(root, 'source');
  await writeDatasetFolder(source);
  const imported = await importDataset({ source, blobs: openFolderBlobStore(home.blobs) });
  await database.datasets.create({ name: DATASET, imported });
  const bundle = join(home.bundles, 'bundle');
  if (options.bundle === null) await train(bundle, options.backbone);
  else await cp(options.bundle, bundle, { recursive: true });
  await publish(database, { model: MODEL, bundle, versions: options.versions });
  if (options.hasHeavy === true) {
    const heavy = join(home.bundles, HEAVY_MODEL);
    await cp(bundle, heavy, { recursive: true });
    await addBallast(join(heavy, 'model.onnx'), BALLAST_BYTES);
    await publish(database, { model: HEAVY_MODEL, bundle: heavy, versions: 1 });
  }
  await database.close();
  return {
    home,
    databaseUrl: server.url,
    modelPath: join(bundle, 'model.onnx'),
    async stop() {
      await server.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** The default method, on the small sample dataset. */
async function train(bundle: string, backbone: string): Promise<void> {
  const training = await startTestTraining();
  const { signal } = new AbortController();
  await training.addDataset('all', (directory) =>
    generateSampleDataset({ directory, seed: 0, signal }),
  );
  const { model, modelVersion } = await training.train({
    ...{ dataset: 'all', method: DEFAULT_METHOD, preset: 'quick', model: MODEL },
    ...{ backbone, settings: undefined },
  });
  const { models } = training.database;
  const directory = await models.bundleDirectory(model, modelVersion ?? 0);
  await cp(join(training.home.bundles, directory), bundle, { recursive: true });
  await training.stop();
}

async function publish(
  database: Database,
  { model, bundle, versions }: { model: string; bundle: string; versions: number },
): Promise<void> {
  const read = JSON.parse(await readFile(join(bundle, 'manifest.json'), 'utf8')) as unknown;
  const trained = bundleManifestSchema.parse(read);
  const manifest = { ...trained, model, lineage: { ...trained.lineage, dataset: DATASET } };
  for (let index = 0; index < versions; index += 1) {
    const run = await database.runs.create({
      ...{ dataset: DATASET, model, method: 'rlr', preset: 'tiny', backbone: 'compact' },
      seed: index,
    });
    const attempt = await database.attempts.take(run.id, 'bench');
    if (attempt === null) throw new Error('The run has ended.');
    const stored = {
      bundleDirectory: basename(bundle),
      bundleHash: BUNDLE_HASH,
      sizeBytes: 1,
      images: [],
    };
    await database.models.publish({ attempt, manifest, ...stored });
  }
  await database.models.promote(model, versions, 'bench');
}
