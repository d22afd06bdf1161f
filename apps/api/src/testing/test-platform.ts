/** @file The API on a real port with a real database, blobs and bundles, for tests. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type BundleManifest,
  CATEGORY_BANK_FILE,
  type DescriptorBank,
  type ImageResult,
  type ModelVersion,
  type PlatformHome,
  platformHome,
  type StoreSetting,
  SUSPECT_MAPS_FILE,
  type SuspectMap,
  TRAINING_SCORES_FILE,
  type TrainingScores,
  toSuspectMapsFile,
  writeCategoryBank,
} from '@plumbline/contracts';
import { type BlobStore, importDataset, openStores, type Stores } from '@plumbline/data';
import { type Database, openDatabase } from '@plumbline/db';
import { createTestDatabase, taken } from '@plumbline/db/testing';
import { type ApiServer, createServer } from '../create-server.ts';
import type { InferencePoolOptions } from '../inference/inference-pool.ts';
import { writeDatasetFolder } from './dataset-folder.ts';
import { hashOf, testManifest } from './test-manifest.ts';

export interface PublishOptions {
  readonly model: string;
  readonly dataset: string;
  readonly graph?: 'brightness' | 'darkness' | 'colored' | 'ignoring';
  /** With a `category-bank.safetensors`. */
  readonly bank?: DescriptorBank;
  readonly imageAuroc?: number;
  readonly protocol?: BundleManifest['protocol'];
  /** In place of a fixture. */
  readonly graphBytes?: Uint8Array;
  readonly seed?: number;
  /** Image score of a test image; 0.5 when absent. */
  readonly scoreOf?: (image: Pick<ImageResult, 'path' | 'label'>) => number;
  /** Replaces parts of the manifest. */
  readonly manifest?: Partial<BundleManifest>;
  /** With a `training-scores.json`. */
  readonly trainingScores?: TrainingScores;
  /** With a `suspect-maps.json`. */
  readonly suspectMaps?: readonly SuspectMap[];
  /** With a `normal.onnx`, which answers the image inverted. */
  readonly decoder?: boolean;
}

/** So that a test can see a version's process end. */
const RETIRED_MS = 2_000;

export interface TestPlatformOptions {
  readonly apiKey?: string;
  readonly allowedHosts?: readonly string[];
  readonly backboneMirror?: string;
  /** A migrated database in place of a fresh one. */
  readonly databaseUrl?: string;
  readonly inference?: InferencePoolOptions;
  readonly maxPixels?: number;
  readonly importRoots?: readonly string[];
  readonly bodyTimeoutMs?: number;
  readonly rateLimit?: number;
  readonly drift?: { readonly inspections: number };
  /** A folder of its own when absent. */
  readonly store?: StoreSetting;
}

export interface TestPlatform {
  readonly url: string;
  readonly databaseUrl: string;
  readonly database: Database;
  readonly stores: Stores;
  readonly blobs: BlobStore;
  readonly home: PlatformHome;
  readonly server: ApiServer;
  addDataset(name: string, shift?: number): Promise<void>;
  /** The next version of a model, with all test images of the dataset as results. */
  publish(options: PublishOptions): Promise<ModelVersion>;
  stop(): Promise<void>;
}

async function normalFile(): Promise<{ name: string; bytes: Uint8Array }> {
  const fixture = join(import.meta.dirname, 'fixtures', 'inverted.onnx');
  return { name: 'normal.onnx', bytes: await readFile(fixture) };
}

export async function startTestPlatform(options: TestPlatformOptions = {}): Promise<TestPlatform> {
  const root = await mkdtemp(join(tmpdir(), 'plumbline-api-'));
  const home = platformHome(root);
  const testDatabase =
    options.databaseUrl === undefined
      ? await createTestDatabase()
      : { url: options.databaseUrl, stop: async () => {} };
  const database = await openDatabase(testDatabase.url);
  const stores = openStores(home, options.store ?? { kind: 'folder' });
  const { blobs } = stores;
  const server = await createServer({
    database,
    stores,
    home,
    apiKey: options.apiKey ?? null,
    allowedHosts: options.allowedHosts ?? [],
    codeVersion: 'test',
    backboneMirror: options.backboneMirror ?? null,
    inference: { retiredMs: RETIRED_MS, ...options.inference },
    ...(options.maxPixels === undefined ? {} : { maxPixels: options.maxPixels }),
    ...(options.importRoots === undefined ? {} : { importRoots: options.importRoots }),
    ...(options.drift === undefined ? {} : { drift: options.drift }),
    ...(options.rateLimit === undefined ? {} : { rateLimit: options.rateLimit }),
    ...(options.bodyTimeoutMs === undefined ? {} : { bodyTimeoutMs: options.bodyTimeoutMs }),
  });
  await server.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.app.server.address() as AddressInfo;

  async function addDataset(name: string, shift = 0): Promise<void> {
    const source = join(root, 'sources', name);
    await writeDatasetFolder(source, shift);
    await database.datasets.create({ name, imported: await importDataset({ source, blobs }) });
  }

  return {
    url: `http://127.0.0.1:${port}`,
    databaseUrl: testDatabase.url,
    database,
    stores,
    blobs,
    home,
    server,
    addDataset,
    publish: (wanted) => publishVersion({ database, stores }, wanted),
    async stop() {
      await server.close();
      await database.close();
      await testDatabase.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function publishVersion(
  { database, stores }: Pick<TestPlatform, 'database' | 'stores'>,
  wanted: PublishOptions,
): Promise<ModelVersion> {
  const { model, dataset, imageAuroc = 0.9, protocol, seed = 0 } = wanted;
  const run = await database.runs.create({
    dataset,
    model,
    method: 'rlr',
    preset: 'tiny',
    backbone: 'compact',
    seed,
  });
  const attempt = await taken(database.attempts, run.id);
  const { manifest: samples, hash, datasetVersion } = await database.datasets.manifest(dataset);
  const files = await bundleFiles(wanted);
  const made = testManifest({
    model,
    run: run.id,
    dataset,
    datasetVersion,
    datasetHash: hash,
    files,
    imageAuroc,
    ...(protocol === undefined ? {} : { protocol }),
    decoder: wanted.decoder ?? false,
  });
  const manifest: BundleManifest = { ...made, seed, ...wanted.manifest };
  await stores.bundles.write(run.id, [
    ...files,
    { name: 'secret.txt', bytes: Buffer.from('not part of the bundle') },
    { name: 'manifest.json', bytes: Buffer.from(JSON.stringify(manifest)) },
  ]);
  const test = samples.samples.filter((sample) => sample.split === 'test');
  return database.models.publish({
    attempt,
    manifest,
    bundleDirectory: run.id,
    bundleHash: hashOf(Buffer.from(run.id)),
    sizeBytes: files.reduce((sum, file) => sum + file.bytes.length, 0),
    images: test.map(({ path, category, label, defectType, image }) => ({
      path,
      category,
      label,
      defectType,
      sha256: image.sha256,
      imageScore: wanted.scoreOf?.({ path, label }) ?? 0.5,
    })),
  });
}

/** Of the bundle, without its manifest. */
async function bundleFiles(wanted: PublishOptions): Promise<{ name: string; bytes: Uint8Array }[]> {
  const { model, graph = 'brightness', trainingScores, suspectMaps } = wanted;
  const json = (name: string, value: unknown) => ({
    name,
    bytes: Buffer.from(JSON.stringify(value)),
  });
  const fixture = join(import.meta.dirname, 'fixtures', `${graph}.onnx`);
  return [
    { name: 'model.onnx', bytes: wanted.graphBytes ?? (await readFile(fixture)) },
    { name: 'card.md', bytes: Buffer.from(`# ${model}\n`) },
    ...(trainingScores ? [json(TRAINING_SCORES_FILE, trainingScores)] : []),
    ...(suspectMaps ? [json(SUSPECT_MAPS_FILE, toSuspectMapsFile(suspectMaps))] : []),
    ...(wanted.decoder ? [await normalFile()] : []),
    ...(wanted.bank ? [{ name: CATEGORY_BANK_FILE, bytes: writeCategoryBank(wanted.bank) }] : []),
  ];
}
