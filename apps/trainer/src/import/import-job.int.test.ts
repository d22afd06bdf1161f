/** @file An import as the trainer does it: what was said of the files is heeded, and near duplicates are known before training. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DatasetChange,
  type DatasetImport,
  importDatasetInput,
  type Sample,
} from '@plumbline/contracts';
import { type BlobStore, blobHashesOf, openFolderBlobStore } from '@plumbline/data';
import { makeTiff, type TiffPixels } from '@plumbline/data/testing';
import { taken } from '@plumbline/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweepBlobs } from '../sweep-blobs.ts';
import { startTestTraining, type TestTraining } from '../testing/test-training.ts';
import { knownNearDuplicates } from '../training/near-duplicates.ts';
import { runImportJob } from './import-job.ts';

const SIDE = 48;

let training: TestTraining;
beforeAll(async () => {
  training = await startTestTraining();
});
afterAll(() => training?.stop());

/** A texture of 12 bits of its own for every seed. */
function texture(seed: number): Uint16Array {
  let state = seed * 7919 + 1;
  return Uint16Array.from({ length: SIDE * SIDE }, () => {
    state = (state * 48271) % 2147483647;
    return 400 + (state % 3000);
  });
}

async function write(folder: string, path: string, pixels: TiffPixels): Promise<void> {
  await mkdir(join(folder, path, '..'), { recursive: true });
  await writeFile(join(folder, path), makeTiff(pixels, SIDE, SIDE));
}

/** Ten training images, the third of them again in test/good, darker; a mask that marks what is normal. */
async function writeSource(folder: string): Promise<void> {
  for (let i = 0; i < 10; i++) await write(folder, `paper/train/good/${i}.tif`, texture(i));
  await write(folder, 'paper/test/good/other.tif', texture(20));
  const darker = texture(3).map((value) => value * 0.9 + 30);
  await write(folder, 'paper/test/good/again.tif', darker);
  await write(
    folder,
    'paper/test/hole/near.tif',
    texture(5).map((value) => value * 0.95),
  );
  const mask = new Uint8Array(SIDE * SIDE).map((_, i) => (i < 90 ? 0 : 255));
  await write(folder, 'paper/ground_truth/hole/near_mask.tif', mask);
}

async function importPaper(name: string, told: object): Promise<DatasetImport> {
  const { database, home, stores } = training;
  const path = join(home.root, 'sources', 'paper');
  await writeSource(path);
  const input = importDatasetInput.parse({ name, source: { kind: 'path', path }, ...told });
  const { id } = await database.imports.create(input);
  const attempt = await taken(database.imports, id);
  await runImportJob({ database, home, stores, attempt, signal: new AbortController().signal });
  return database.imports.get(id);
}

test('inverted masks are refused with the flag, and read as told', async () => {
  const refused = await importPaper('refused', {});
  expect(refused).toMatchObject({ status: 'failed', error: { field: 'masks' } });
  expect(refused.error?.fix).toContain('--masks inverted');
  const told = await importPaper('told', {
    masks: 'inverted',
    range: { low: 0, high: 3500 },
    provenance: { license: 'mit' },
  });
  expect(told.error).toBeNull();
  expect(told.dataset?.provenance).toEqual({ license: 'MIT', source: null });
  expect(told.dataset?.report.categories[0]?.range).toEqual({ low: 0, high: 3500 });
  const { manifest } = await training.database.datasets.manifest('told');
  const hole = manifest.samples.find(({ label }) => label === 'anomalous');
  expect(hole).toMatchObject({
    range: { low: 0, high: 3500 },
    maskRule: { above: 0, inverted: true },
  });
});

test('a near duplicate is in the report and in what a run is given; an anomalous image is none', async () => {
  const { dataset } = await importPaper('near', { masks: 'inverted' });
  const found = dataset?.report.nearDuplicates;
  expect(found?.pairs.map(({ test, training: nearest }) => [test.path, nearest.path])).toEqual([
    ['paper/test/good/again.tif', 'paper/train/good/3.tif'],
  ]);
  expect(dataset?.report.warnings.map(({ code }) => code)).toContain('NEAR_DUPLICATES');
  const { nearDuplicates } = await training.database.datasets.manifest('near');
  expect(nearDuplicates).toEqual(found);
});

test('making the sample dataset is progress, and leaves nothing when it is stopped or was killed', async () => {
  const { database, home, stores } = training;
  const source = { kind: 'sample', seed: 0, size: 'large' } as const;
  const { id } = await database.imports.create({ name: 'large', source });
  const killed = await taken(database.imports, id);
  const left = join(home.work, `import-${id}-${killed.number}`, 'sample.partial');
  await mkdir(left, { recursive: true });

  const attempt = await taken(database.imports, id);
  const controller = new AbortController();
  const job = runImportJob({ database, home, stores, attempt, signal: controller.signal });
  let state = await database.imports.get(id);
  while (state.checked === 0) {
    await sleep(50);
    state = await database.imports.get(id);
  }
  // 1,600 images and 600 masks, each made and checked.
  expect(state.total).toBe(4400);
  controller.abort();
  await expect(job).rejects.toMatchObject({ code: 'CANCELLED' });
  expect((await readdir(home.work)).filter((name) => name.startsWith('import-'))).toEqual([]);
});

test('of a version whose import did not look for near duplicates they are found once, and kept with it', async () => {
  const { database, home } = training;
  const { datasets } = database;
  const { manifest, hash, nearDuplicates: found } = await datasets.manifest('near');
  const { report } = await datasets.get('near');
  const { nearDuplicates: _, ...earlier } = report;
  const warnings = report.warnings.filter(({ code }) => code !== 'NEAR_DUPLICATES');
  const imported = { manifest, hash, report: { ...earlier, warnings } };
  await datasets.create({ name: 'earlier', imported });

  const { signal } = new AbortController();
  const blobs = openFolderBlobStore(home.blobs);
  const ask = async (from: BlobStore) =>
    knownNearDuplicates(database, {
      ...{ name: 'earlier', version: 1, samples: manifest.samples, blobs: from, signal },
      nearDuplicates: (await datasets.manifest('earlier')).nearDuplicates,
    });
  expect(await ask(blobs)).toEqual(found);
  expect((await datasets.get('earlier')).report).toEqual(report);
  const unread = () => Promise.reject(new Error('It was looked for again.'));
  expect(await ask({ ...blobs, read: unread })).toEqual(found);
  // Another run that looked at the same time says nothing twice.
  const again = { nearDuplicates: found ?? { sure: 0, likely: 0, pairs: [] }, warnings };
  await datasets.keepNearDuplicates({ name: 'earlier', version: 1 }, again);
  expect((await datasets.get('earlier')).report).toEqual(report);
});

test('a sweep removes images that nothing refers to, and no others', async () => {
  const { database, home } = training;
  const blobs = openFolderBlobStore(home.blobs);
  const orphan = await blobs.put(Buffer.from('of an import that failed'));
  const { manifest } = await database.datasets.manifest('told');
  const kept = blobHashesOf(manifest);
  expect(await sweepBlobs(database, blobs)).toBe(0);
  // Another import waits for the sweep to end before it counts on what is there.
  const imported = {
    manifest,
    hash: 'c'.repeat(64),
    report: (await database.datasets.get('told')).report,
  };
  const [removed] = await Promise.all([
    sweepBlobs(database, blobs, -1000),
    database.datasets.create({
      name: 'meanwhile',
      imported,
      assertStored: () => blobs.assertHas(kept),
    }),
  ]);
  expect(removed).toBeGreaterThan(0);
  expect(await blobs.has(orphan)).toBe(false);
  await blobs.assertHas(kept);
  const gone = database.datasets.create({
    name: 'gone',
    imported,
    assertStored: () => blobs.assertHas([orphan]),
  });
  await expect(gone).rejects.toThrow('not in the store');
  expect(await database.datasets.exists('gone')).toBe(false);
});

async function edit(name: string, changes: DatasetChange[]): Promise<DatasetImport> {
  const { database, home, stores } = training;
  const source = { kind: 'edit', changes, note: 'by a test' } as const;
  const { id } = await database.imports.create({ name, source });
  const attempt = await taken(database.imports, id);
  await runImportJob({ database, home, stores, attempt, signal: new AbortController().signal });
  return database.imports.get(id);
}

test('changes make the next version: it shares the images, and the earlier one stays as it is', async () => {
  const { database, home } = training;
  const { datasets } = database;
  await importPaper('grown', { masks: 'inverted' });
  const before = await datasets.manifest('grown');
  const stored = await readdir(home.blobs, { recursive: true });

  const near = before.nearDuplicates?.pairs[0];
  const moved = await edit('grown', [
    { kind: 'exclude', paths: ['paper/train/good/0.tif'], reason: 'blurred' },
    { kind: 'move', paths: [near?.test.path ?? ''], split: 'train' },
  ]);
  expect(moved.error).toBeNull();
  expect(moved.dataset).toMatchObject({ version: 2, images: before.manifest.samples.length - 1 });
  // Both photos of the pair are on one side now.
  expect(moved.dataset?.report.nearDuplicates).toMatchObject({ sure: 0, likely: 0 });
  expect((await datasets.manifest('grown', 1)).hash).toBe(before.hash);
  const after = await datasets.manifest('grown');
  const again = after.manifest.samples.find(({ image }) => image.sha256 === near?.test.sha256);
  expect(again).toMatchObject({ path: 'paper/train/good/again.tif', split: 'train' });
  const hole = (samples: readonly Sample[]) => samples.find(({ label }) => label === 'anomalous');
  expect(hole(after.manifest.samples)).toEqual(hole(before.manifest.samples));
  expect(await readdir(home.blobs, { recursive: true })).toEqual(stored);
  const [latest, first] = await datasets.versions('grown');
  expect(latest).toMatchObject({ version: 2, sameTestSet: true, edit: { note: 'by a test' } });
  expect(first).toMatchObject({ version: 1, sameTestSet: false, edit: null });
});

test('a test set stays the same while training images change; two edits of one version make one', async () => {
  const { database } = training;
  const { datasets } = database;
  const excluded = await edit('grown', [{ kind: 'exclude', paths: ['paper/train/good/1.tif'] }]);
  expect(excluded.dataset?.version).toBe(3);
  const frozen = (await datasets.versions('grown')).map(({ sameTestSet }) => sameTestSet);
  expect(frozen).toEqual([true, true, false]);
  const labeled = await edit('grown', [
    { kind: 'relabel', paths: ['paper/train/good/2.tif'], label: 'anomalous', defectType: 'crack' },
  ]);
  expect(labeled.dataset?.report.categories[0]?.defectTypes).toContainEqual({
    name: 'crack',
    samples: 1,
  });
  const missing = await edit('grown', [{ kind: 'exclude', paths: ['paper/train/good/2.tif'] }]);
  expect(missing.error).toMatchObject({ code: 'INVALID_INPUT', file: 'paper/train/good/2.tif' });
  expect((await datasets.get('grown')).version).toBe(4);

  const { manifest } = await datasets.manifest('grown');
  const { report } = await datasets.get('grown');
  const imported = { manifest, hash: 'd'.repeat(64), report };
  const editOf = {
    version: 4,
    edit: { changes: [{ kind: 'add', from: 'told' }], note: '' },
  } as const;
  const both = await Promise.allSettled(
    [1, 2].map(() =>
      datasets.create({
        name: 'grown',
        imported,
        editOf: { ...editOf, edit: { ...editOf.edit, changes: [...editOf.edit.changes] } },
      }),
    ),
  );
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('images in files are added with the range that their category has, and no image twice', async () => {
  const { database, home } = training;
  const { datasets } = database;
  const path = join(home.root, 'sources', 'more');
  await write(path, 'paper/train/good/0.tif', texture(40));
  await write(path, 'paper/train/good/known.tif', texture(1));
  const source = { kind: 'path', path } as const;
  const before = await datasets.manifest('told');
  const made = await edit('told', [{ kind: 'addFiles', source, split: 'train' }]);
  expect(made.error).toBeNull();
  const after = await datasets.manifest('told');
  const paths = ({ samples }: { samples: readonly Sample[] }) => samples.map((one) => one.path);
  expect(paths(after.manifest).filter((one) => !paths(before.manifest).includes(one))).toEqual([
    'paper/train/good/0-2.tif',
  ]);
  const fresh = after.manifest.samples.find((one) => one.path.endsWith('0-2.tif'));
  expect(fresh?.range).toEqual({ low: 0, high: 3500 });
  expect((await datasets.versions('told'))[0]).toMatchObject({ version: 2, sameTestSet: true });

  // Files that name no category are of the only one that the dataset has.
  const loose = join(home.root, 'sources', 'loose');
  await write(loose, 'good/1.tif', texture(41));
  await write(loose, 'bad/2.tif', texture(42));
  const loosely = { kind: 'path', path: loose } as const;
  expect((await edit('told', [{ kind: 'addFiles', source: loosely }])).error).toBeNull();
  const { manifest } = await datasets.manifest('told');
  expect(new Set(manifest.samples.map(({ category }) => category))).toEqual(new Set(['paper']));
  expect(manifest.samples.length).toBe(after.manifest.samples.length + 2);

  const again = await edit('told', [{ kind: 'addFiles', source }]);
  expect(again.error?.message).toBe('There is no image in the files that is missing here.');
  const gone = { kind: 'upload', uploadId: 'gone' } as const;
  expect((await edit('told', [{ kind: 'addFiles', source: gone }])).error).not.toBeNull();
  expect((await datasets.get('told')).version).toBe(3);
});
