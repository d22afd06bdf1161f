/** @file A database of before datasets had versions keeps what it has: each dataset becomes version 1 of itself. */
import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from './index.ts';
import { createTestDatabase, type TestDatabase } from './testing/index.ts';

const FOLDER = new URL('../prisma/migrations/', import.meta.url);
const OWN = '20261127211900_dataset_versions';

let server: TestDatabase;
beforeAll(async () => {
  server = await createTestDatabase();
});
afterAll(() => server?.stop());

const image = { sha256: 'a'.repeat(64), bytes: 1, width: 8, height: 8, format: 'png' };
const sample = {
  ...{ path: 'nut/test/good/0.png', category: 'nut', split: 'test', label: 'normal' },
  ...{ defectType: null, image, mask: null },
};
const report = {
  layout: 'mvtec',
  images: 1,
  bytes: 1,
  categories: [],
  identicalImages: [],
  warnings: [],
};

test('datasets and samples of before are read as version 1', async () => {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  // As it was then: everything up to this migration, in a schema of its own.
  await client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  const all = (await readdir(FOLDER, { withFileTypes: true })).filter((one) => one.isDirectory());
  const run = async (names: string[]) => {
    for (const name of names.sort())
      await client.query(await readFile(new URL(`${name}/migration.sql`, FOLDER), 'utf8'));
  };
  const names = all.map(({ name }) => name);
  await run(names.filter((name) => name < OWN));
  await client.query(
    `INSERT INTO "Dataset" (name, version, hash, layout, images, bytes, report) VALUES ('nuts', 1, $1, 'mvtec', 1, 1, $2)`,
    ['b'.repeat(64), report],
  );
  await client.query(
    `INSERT INTO "Sample" ("datasetName", position, category, split, label, "imageSha256", data) VALUES ('nuts', 0, 'nut', 'test', 'normal', $1, $2)`,
    [image.sha256, sample],
  );
  await run(names.filter((name) => name >= OWN));
  await client.end();

  const database = await openDatabase(server.url);
  const { datasets } = database;
  const { manifest, version, datasetVersion } = await datasets.manifest('nuts');
  expect({ version, datasetVersion, samples: manifest.samples }).toEqual({
    ...{ version: 1, datasetVersion: `v1-${'b'.repeat(12)}` },
    samples: [sample],
  });
  // A version made now with the same test images has the same test set as the migrated one.
  const imported = {
    manifest: { ...manifest, layout: 'other' },
    hash: 'c'.repeat(64),
    report: { ...report, layout: 'other' },
  };
  const edit = { changes: [{ kind: 'add', from: 'more' }], note: '' };
  await datasets.create({
    name: 'nuts',
    imported: imported as never,
    editOf: { version: 1, edit: edit as never },
  });
  expect((await datasets.versions('nuts')).map(({ sameTestSet }) => sameTestSet)).toEqual([
    true,
    true,
  ]);
  await database.close();
});
