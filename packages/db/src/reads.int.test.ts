/** @file Lists are read in as many statements for many rows as for one, and what is old is forgotten. */
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Database, openDatabase } from './index.ts';
import { createTestDatabase, type TestDatabase } from './testing/index.ts';
import { madeUpManifest } from './testing/made-up-manifest.ts';

let server: TestDatabase;
let database: Database;
let client: pg.Client;

beforeAll(async () => {
  server = await createTestDatabase();
  database = await openDatabase(server.url);
  client = new pg.Client({ connectionString: server.url });
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await database?.close();
  await server?.stop();
});

/** With two categories of training images, and an import that made it. */
async function addDataset(name: string): Promise<void> {
  const category = (of: string) => ({
    ...{ name: of, train: 2, testNormal: 0, testAnomalous: 0, masks: 0, defectTypes: [] },
    ...{ minWidth: 8, minHeight: 8, maxWidth: 8, maxHeight: 8 },
  });
  const report = {
    ...{ layout: 'mvtec', images: 4, bytes: 4, warnings: [], identicalImages: [] },
    categories: [category('b'), category('a')],
  };
  await client.query('INSERT INTO "Dataset" (name, version) VALUES ($1, 1)', [name]);
  await client.query(
    `INSERT INTO "DatasetVersion" ("datasetName", version, hash, layout, images, bytes, report, "testSet")
     VALUES ($1, 1, 'abcdef0123', 'mvtec', 4, 4, $2, 't')`,
    [name, JSON.stringify(report)],
  );
  await client.query(
    `INSERT INTO "Sample" ("datasetName", version, position, category, split, label, "imageSha256", data)
     SELECT $1, 1, i, (ARRAY['a','b'])[1 + i % 2], CASE WHEN i = 0 THEN 'test' ELSE 'train' END, 'normal', $1 || i, '{}'
     FROM generate_series(0, 5) AS i`,
    [name],
  );
  await client.query(
    `INSERT INTO "DatasetImport" (id, name, source, status) VALUES ($1, $1, '{"kind": "sample", "seed": 0}', 'succeeded')`,
    [name],
  );
}

/** Of a dataset, with two versions. */
async function addModel(dataset: string): Promise<void> {
  await client.query('INSERT INTO "Model" VALUES ($1, $1, 2)', [dataset]);
  for (const version of [1, 2]) {
    await client.query(
      `INSERT INTO "ModelVersion" ("modelName", version, "runId", manifest, "bundleHash", "bundleDirectory", "sizeBytes")
       VALUES ($1, $2, $3, $4, 'h', 'd', 0)`,
      [dataset, version, `${dataset}/${version}`, JSON.stringify(madeUpManifest('run'))],
    );
  }
}

async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const query = vi.spyOn(pg.Client.prototype, 'query'); // calls through
  try {
    await work();
    return query.mock.calls.length;
  } finally {
    query.mockRestore();
  }
}

test('datasets, imports and models: as many statements for seven as for one', async () => {
  await addDataset('one');
  await addModel('one');
  const lists = [
    () => database.datasets.list(),
    () => database.imports.list(),
    () => database.models.list(),
    () => database.models.all(null),
  ];
  await Promise.all(lists.map((list) => list())); // a new connection has statements of its own
  const before: number[] = [];
  for (const list of lists) before.push(await statementsOf(list));
  for (let index = 0; index < 6; index += 1) {
    await addDataset(`more-${index}`);
    await addModel(`more-${index}`);
  }
  await Promise.all(lists.map((list) => list())); // manifests are read once
  const after: number[] = [];
  for (const list of lists) after.push(await statementsOf(list));
  expect(Math.min(...before)).toBeGreaterThan(0);
  expect(after).toEqual(before);
  const [model] = await database.models.list();
  expect(model).toMatchObject({ versions: 2, latestVersion: 2, promotedVersion: 2 });
  expect(await database.models.all('one')).toMatchObject([
    { model: 'one', version: 2, promoted: true },
    { model: 'one', version: 1, promoted: false },
  ]);
  expect(await database.models.all(null)).toHaveLength(14);
});

test('a manifest is read once: later lists of versions ask for those of new ones alone', async () => {
  const query = vi.spyOn(pg.Client.prototype, 'query'); // calls through
  const readManifests = async (list: () => Promise<unknown>) => {
    query.mockClear();
    await list();
    const asked = query.mock.calls.map(
      ([config]) => config as { text?: string; values?: unknown[] },
    );
    return asked.filter(({ text }) => text?.includes('"manifest"')).flatMap(({ values }) => values);
  };
  try {
    await database.models.all(null);
    expect(await readManifests(() => database.models.all(null))).toEqual([]);
    expect(await readManifests(() => database.models.versions('one'))).toEqual([]);
    await addDataset('late');
    await addModel('late');
    const read = await readManifests(() => database.models.all(null));
    expect(read).toEqual(expect.arrayContaining(['late/1', 'late/2']));
    expect(read).not.toContain('one/1');
    expect(await database.models.all('late')).toMatchObject([{ version: 2 }, { version: 1 }]);
  } finally {
    query.mockRestore();
  }
});

test('a dataset shows the first training image of its categories, in the order of its images', async () => {
  const datasets = await database.datasets.list();
  expect(datasets.map(({ name }) => name)).toContain('one');
  for (const { name, preview } of datasets) expect(preview).toEqual([`${name}1`, `${name}2`]);
  const [newest] = await database.imports.list();
  expect(newest?.dataset?.preview).toEqual([`${newest?.name}1`, `${newest?.name}2`]);
});

test('keys of yesterday are forgotten', async () => {
  await client.query(
    `INSERT INTO "IdempotencyKey" VALUES ('old', 'f', 'r', now() - interval '2 days'), ('new', 'f', 'r', now())`,
  );
  expect(await database.idempotency.removeBefore(new Date(Date.now() - 86_400_000))).toBe(1);
  expect(await database.idempotency.find({ key: 'old', fingerprint: 'f' })).toBeNull();
  expect(await database.idempotency.find({ key: 'new', fingerprint: 'f' })).toBe('r');
  await expect(database.idempotency.find({ key: 'new', fingerprint: 'g' })).rejects.toMatchObject({
    code: 'CONFLICT',
  });
});
