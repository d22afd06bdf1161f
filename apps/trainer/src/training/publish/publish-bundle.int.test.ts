/** @file Publishing is files, then the row: whatever of it was done before, one whole version is what comes of it. */
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExternalManifest, Run } from '@plumbline/contracts';
import { type BundleStore, blobHashesOf, openFolderBlobStore, openStores } from '@plumbline/data';
import {
  type S3Server,
  s3Program,
  startS3Server,
  TEST_CREDENTIALS,
} from '@plumbline/data/testing/s3';
import { type Attempt, SupersededError } from '@plumbline/db';
import { taken } from '@plumbline/db/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweepBlobs } from '../../sweep-blobs.ts';
import { sweepPictures } from '../../sweep-pictures.ts';
import { writeStripes } from '../../testing/striped-dataset.ts';
import { startTestTraining, type TestTraining } from '../../testing/test-training.ts';
import { attemptName } from '../attempt-name.ts';
import { removeOldCheckpoints } from '../fit/old-checkpoints.ts';
import { runCheckpoints } from '../fit/run-checkpoints.ts';
import { removeLeftBundles } from './left-bundles.ts';
import { publishBundle } from './publish-bundle.ts';
import { type BundleContents, writeBundle } from './write-bundle.ts';

type Trained = Exclude<BundleContents<never>['unsigned'], ExternalManifest>;

let training: TestTraining;
let bundles: BundleStore;
let published: Run;
let server: S3Server | null = null;
const program = s3Program();
if (program === null) console.warn('No versitygw: publishing into S3 is not tested.');

beforeAll(async () => {
  training = await startTestTraining();
  bundles = training.stores.bundles;
  await training.addDataset('stripes', writeStripes);
  const source = 'a `made-up` [one](x)';
  await training.database.datasets.update('stripes', { license: 'cc0-1.0', source });
  published = await training.train({ dataset: 'stripes', maxSteps: 2, model: 'before' });
  Object.assign(process.env, TEST_CREDENTIALS);
  if (program !== null) server = await startS3Server(program, join(training.home.work, 's3'));
});
afterAll(async () => {
  await server?.kill();
  await training?.stop();
});

/** The published version once more, as if another run had made it. @param seed Marks the attempt that wrote it. */
async function contentsFor(id: string, seed: number): Promise<BundleContents<Trained>> {
  const { manifest } = await training.database.models.get('before', 1);
  const { files: _, ...unsigned } = manifest;
  const { model } = await training.database.runs.get(id);
  const read = (name: string) => readFileSync(training.bundleFile(published, name));
  const lineage = { ...manifest.lineage, run: id };
  return {
    unsigned: { ...unsigned, model, seed, lineage } as Trained,
    evaluation: JSON.parse(read('evaluation.json').toString()),
    model: read('model.onnx'),
    categoryBank: read('category-bank.safetensors'),
  };
}

async function publish(attempt: Attempt, to = { bundles, limitMs: 1_000 }): Promise<void> {
  const contents = await contentsFor(attempt.id, attempt.number);
  const { signal } = new AbortController();
  await publishBundle(training.database, {
    ...{ attempt, bundles: to.bundles, contents, images: [] },
    patience: { limitMs: to.limitMs, signal },
  });
}

const foldersOf = (id: string) => bundles.list(id);

/** Of every file of the run's version; checks that they are those of its manifest. */
async function hashesOf(id: string): Promise<Record<string, string>> {
  const { model, modelVersion } = await training.database.runs.get(id);
  const { manifest } = await training.database.models.get(model, modelVersion ?? 0);
  const directory = await training.database.models.bundleDirectory(model, modelVersion ?? 0);
  const bundle = bundles.at({ directory, files: manifest.files });
  const hashes: Record<string, string> = {};
  for (const { name, sha256 } of manifest.files) {
    const bytes = (await bundle.read(name)) ?? Buffer.of();
    expect(createHash('sha256').update(bytes).digest('hex'), name).toBe(sha256);
    hashes[name] = sha256;
  }
  return hashes;
}

it('says in manifest and card under which license the images are, and where they come from', async () => {
  const { manifest } = await training.database.models.get('before', 1);
  expect(manifest.provenance).toEqual({ license: 'CC0-1.0', source: 'a `made-up` [one](x)' });
  const card = readFileSync(training.bundleFile(published, 'card.md'), 'utf8');
  expect(card).toContain('License of the images: `CC0-1.0`. Source: `` a `made-up` [one](x) ``.');
});

for (const isBucket of [false, true]) {
  const title = isBucket ? 'a bucket' : 'a folder';
  const modelName = isBucket ? 'in-a-bucket' : 'in-a-folder';

  describe.skipIf(isBucket && program === null)(`in ${title}`, () => {
    beforeAll(() => {
      if (isBucket && server !== null) bundles = openStores(training.home, server.setting).bundles;
    });
    afterAll(() => {
      bundles = training.stores.bundles;
    });
    const begin = () => training.begin({ dataset: 'stripes', model: modelName });

    it('an attempt that was given up for lost neither replaces nor harms what another has published', async () => {
      const id = await begin();
      const stale = await taken(training.database.attempts, id);
      // It was stopped between the files and the row.
      await writeBundle(bundles, attemptName(stale), await contentsFor(id, 1));
      const current = await taken(training.database.attempts, id);
      await publish(current);
      expect(await foldersOf(id)).toEqual([`${id}.2`]);
      const before = await hashesOf(id);

      // It goes on from where it was, and once more from the start.
      await expect(publish(stale)).rejects.toBeInstanceOf(SupersededError);
      expect(await foldersOf(id)).toEqual([`${id}.2`]);
      expect(await hashesOf(id)).toEqual(before);
      const { manifest } = await training.database.models.get(modelName);
      expect(manifest.seed).toBe(2);
      expect(await training.database.models.versions(modelName)).toHaveLength(1);
    });

    it('a crash in the middle of writing, and one before the row, are made good by the next attempt', async () => {
      const id = await begin();
      for (const crash of ['in the files', 'before the row']) {
        const attempt = await taken(training.database.attempts, id);
        const own = attemptName(attempt);
        if (crash === 'before the row') await writeBundle(bundles, own, await contentsFor(id, 9));
        else
          await bundles.write(isBucket ? own : `${own}.partial`, [
            { name: 'model.onnx', bytes: Buffer.from('half') },
          ]);
      }
      // Of a run that goes on nothing is removed.
      expect(await removeLeftBundles(training.database, bundles)).toEqual([]);
      await publish(await taken(training.database.attempts, id));
      expect(await foldersOf(id)).toEqual([`${id}.3`]);
      await hashesOf(id);
    });

    it('what a failed run has left is removed, and nothing that was published or that nobody here knows', async () => {
      const id = await begin();
      const attempt = await taken(training.database.attempts, id);
      await writeBundle(bundles, attemptName(attempt), await contentsFor(id, 1));
      const unknown = '00000000-0000-4000-8000-000000000000.1';
      await bundles.write(unknown, [{ name: 'x', bytes: Buffer.of() }]);
      const error = { code: 'INTERNAL', message: 'x', fix: null, file: null, field: null } as const;
      await training.database.attempts.fail(attempt, error);
      const kept = (await bundles.list('')).filter((name) => name !== `${id}.1`);
      expect(await removeLeftBundles(training.database, bundles)).toEqual([`${id}.1`]);
      expect(await bundles.list('')).toEqual(kept);
      expect(kept).toContain(unknown);
      await hashesOf(published.id);
    });
  });
}

it.skipIf(program === null)(
  'outlasts a store elsewhere that is away: checkpoints wait for the next time, and so does a bundle',
  async () => {
    const { setting } = server ?? {};
    if (setting === undefined) return;
    const stores = openStores(training.home, setting);
    const attempt = await taken(
      training.database.attempts,
      await training.begin({ dataset: 'stripes', model: 'late' }),
    );
    const warnings: string[] = [];
    const checkpoints = runCheckpoints(stores.checkpoints, attempt, {
      data: { backbone: 'b', features: 'f', dataset: 'd' },
      warn: async (text) => void warnings.push(text),
    });
    await server?.kill();
    const state = { fingerprint: 'f', stage: 's', step: 1, tensors: {}, facts: {} };
    await checkpoints.method.save(state);
    await checkpoints.remove();
    expect(warnings).toEqual([
      expect.stringMatching(
        /does not answer.*goes on without a checkpoint.*Check that the server runs/,
      ),
    ]);
    const publishing = publish(attempt, { bundles: stores.bundles, limitMs: 60_000 });
    await sleep(1_000);
    await server?.start();
    await publishing;
    const [version] = await training.database.models.versions('late');
    expect(version?.manifest.lineage.run).toBe(attempt.id);
    await expect(
      publish(attempt, {
        bundles: openStores(training.home, { ...setting, endpoint: 'http://127.0.0.1:9' }).bundles,
        limitMs: 0,
      }),
    ).rejects.toThrow('does not answer');
  },
);

it('what a deletion leaves on the disk goes with sweeps, also after one that was killed in the middle', async () => {
  const { database, home } = training;
  const blobs = openFolderBlobStore(home.blobs);
  const own = blobHashesOf((await database.datasets.manifest('stripes')).manifest);
  const shared = own[0] ?? '';
  const { manifest, hash } = await database.datasets.manifest('stripes');
  const { report } = await database.datasets.get('stripes');
  const first = { ...manifest, samples: manifest.samples.slice(0, 1) };
  await database.datasets.create({ name: 'other', imported: { manifest: first, hash, report } });
  const { bundleHash } = await database.models.get('before', 1);
  const kept = [
    join(home.cache, 'heatmaps', 'style-1', bundleHash, 'x.png'),
    join(home.cache, 'thumbnails', '64', (own[1] ?? '').slice(0, 2), `${own[1]}.webp`),
    join(home.cache, 'thumbnails', '64', shared.slice(0, 2), `${shared}.webp`),
    join(home.work, 'checkpoints', published.id),
  ];
  for (const file of kept) {
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, 'x');
  }
  const remove = (kind: 'model' | 'dataset', name: string) =>
    database.deletions.delete({ kind, name }, { by: 'a test' });
  await expect(remove('dataset', 'stripes')).rejects.toThrow('answers predictions');
  for (const { name } of await database.models.list()) await remove('model', name);
  await remove('dataset', 'stripes');
  expect(await database.runs.list()).toEqual([]);
  // Whoever downloads it gets to its end.
  expect(await removeLeftBundles(database, bundles)).toEqual([]);
  expect(await foldersOf(published.id)).toHaveLength(1);

  const child = fork(
    join(import.meta.dirname, '../testing/sweep-child.ts'),
    [database.url, home.blobs],
    {
      execArgv: ['--import', import.meta.resolve('tsx')],
      env: { ...process.env, TSX_DISABLE_CACHE: '1' },
    },
  );
  const [removed] = await once(child, 'message');
  expect(own).toContain(removed);
  child.kill('SIGKILL');
  await once(child, 'exit');

  await sweepBlobs(database, blobs, -1000);
  await sweepPictures(database, home.cache);
  await removeOldCheckpoints(database, { store: training.stores.checkpoints, keptDays: 7 });
  await removeLeftBundles(database, bundles, { graceMs: 0 });
  expect(await foldersOf(published.id)).toEqual([]);
  expect(kept.map((file) => existsSync(file))).toEqual([false, false, true, false]);
  const left = await Promise.all(own.map((sha256) => blobs.has(sha256)));
  expect(own.filter((_, index) => left[index])).toEqual([shared]);
});
