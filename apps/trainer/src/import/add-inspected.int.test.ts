/** @file Inspected images that are kept become images of the next version of a dataset. */
import { randomUUID } from 'node:crypto';
import type { DatasetChange } from '@plumbline/contracts';
import { openFolderBlobStore } from '@plumbline/data';
import { makeTiff } from '@plumbline/data/testing';
import { runSql, taken } from '@plumbline/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweepBlobs } from '../sweep-blobs.ts';
import { writeParts } from '../testing/parts-dataset.ts';
import { startTestTraining, type TestTraining } from '../testing/test-training.ts';
import { runImportJob } from './import-job.ts';

let training: TestTraining;
beforeAll(async () => {
  training = await startTestTraining();
  await training.addDataset('parts', (folder) => writeParts(folder, 48));
  const { url } = training.database;
  await runSql(url, `INSERT INTO "Model" (name, "datasetName") VALUES ('m', 'parts')`);
  await runSql(
    url,
    `INSERT INTO "ModelVersion" ("modelName", version, "runId", manifest, "bundleHash", "bundleDirectory", "sizeBytes")
     VALUES ('m', 1, 'run', '{}', '', '', 0)`,
  );
});
afterAll(() => training?.stop());

/** Kept of an inspection. @returns The inspection. */
async function keepImage(seed: number): Promise<string> {
  const bytes = makeTiff(
    new Uint8Array(48 * 48).map((_, i) => (i * seed) % 251),
    48,
    48,
  );
  const inspection = randomUUID();
  const sha256 = await openFolderBlobStore(training.home.blobs).put(bytes);
  const facts = { model: 'm', modelVersion: 1, at: new Date(), range: undefined };
  const image = { ...facts, inspection, sha256, bytes: bytes.length };
  await training.database.keptImages.add([image]);
  return inspection;
}

type Added = Extract<DatasetChange, { kind: 'addInspected' }>['images'];

async function edit(images: Added) {
  const { database, home, stores } = training;
  const changes: DatasetChange[] = [{ kind: 'addInspected', images }];
  const source = { kind: 'edit', changes, note: '' } as const;
  const { id } = await database.imports.create({ name: 'parts', source });
  const attempt = await taken(database.imports, id);
  await runImportJob({ database, home, stores, attempt, signal: new AbortController().signal });
  return database.imports.get(id);
}

test('a false alarm is a normal training image, a missed defect an anomalous test image', async () => {
  const { database, home } = training;
  const before = await database.datasets.manifest('parts');
  const category = before.manifest.samples[0]?.category ?? '';
  const [alarm, missed, again] = [await keepImage(3), await keepImage(5), await keepImage(3)];
  const made = await edit([
    { inspection: alarm, category, label: 'normal' },
    { inspection: again, category, label: 'normal' },
    { inspection: missed, category, label: 'anomalous', defectType: 'crack' },
  ]);
  expect(made.error).toBeNull();
  const { manifest, version } = await database.datasets.manifest('parts');
  expect(version).toBe(2);
  const known = new Set(before.manifest.samples.map(({ path }) => path));
  const added = manifest.samples.filter(({ path }) => !known.has(path));
  expect(
    added.map(({ path, split, label, defectType }) => [path, split, label, defectType]),
  ).toEqual([
    [`${category}/test/crack/inspected-${missed}.tiff`, 'test', 'anomalous', 'crack'],
    [`${category}/train/good/inspected-${alarm}.tiff`, 'train', 'normal', null],
  ]);
  // The sweep leaves them: by the sample, and while they are kept by that.
  const blobs = openFolderBlobStore(home.blobs);
  await sweepBlobs(database, blobs, -1000);
  expect(await Promise.all(added.map(({ image }) => blobs.has(image.sha256)))).toEqual([
    true,
    true,
  ]);
});

test('another category, one image with two labels, and one that is not kept are refused by their inspection', async () => {
  const { manifest } = await training.database.datasets.manifest('parts');
  const category = manifest.samples[0]?.category ?? '';
  const [one, same] = [await keepImage(7), await keepImage(7)];
  const gone = randomUUID();
  const normal = { category, label: 'normal' } as const;
  const refused: [Added, string][] = [
    [[{ ...normal, inspection: one, category: 'nowhere' }], one],
    [
      [
        { ...normal, inspection: one },
        { inspection: same, category, label: 'anomalous' },
      ],
      same,
    ],
    [[{ ...normal, inspection: gone }], gone],
  ];
  for (const [images, named] of refused) {
    const { error } = await edit(images);
    expect(error?.code).toBe('INVALID_INPUT');
    expect(JSON.stringify(error)).toContain(named);
  }
  expect((await training.database.datasets.get('parts')).version).toBe(2);
});
