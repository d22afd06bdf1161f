/** @file What changes the version that serves is heard, and a connection that is lost is taken up again. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../index.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import type { InspectionRecord } from './inspection-repository.ts';

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

test('rows that change tell their model, and a lost connection comes back', async () => {
  const heard: string[] = [];
  let lives = 0;
  const changes = database.watch('plumbline_models', {
    onChange: (name) => heard.push(name),
    onLive: () => {
      lives += 1;
    },
  });
  try {
    await expect.poll(() => changes.isLive).toBe(true);
    await client.query(`INSERT INTO "Dataset" (name, version) VALUES ('nuts', 1)`);
    await client.query(`INSERT INTO "Model" (name, "datasetName") VALUES ('m', 'nuts')`);
    await client.query(
      `INSERT INTO "ModelVersion" ("modelName", version, "runId", manifest, "bundleHash", "bundleDirectory", "sizeBytes")
       VALUES ('m', 1, 'r', '{}', 'h', 'd', 0)`,
    );
    await client.query(`UPDATE "ModelVersion" SET "activeProfile" = 2 WHERE "modelName" = 'm'`);
    await client.query(`UPDATE "Model" SET "promotedVersion" = 1 WHERE name = 'm'`);
    await expect.poll(() => heard).toEqual(['m', 'm', 'm']);
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_notify%'`,
    );
    await expect.poll(() => lives, { timeout: 20_000 }).toBe(2);
    await client.query(`DELETE FROM "Model"`);
    await expect.poll(() => heard.length).toBeGreaterThan(3);
    expect(new Set(heard)).toEqual(new Set(['m']));
  } finally {
    await changes.stop();
  }
});

test('inspections are written many at a time, and removed by their age', async () => {
  const one = (daysAgo: number): InspectionRecord => ({
    at: new Date(Date.now() - daysAgo * 86_400_000),
    inspection: randomUUID(),
    model: 'm',
    modelVersion: 1,
    category: daysAgo > 1 ? null : 'it’s "odd", {really}',
    categorySource: 'found',
    imageScore: Number.POSITIVE_INFINITY,
    threshold: 0.5,
    thresholdProfile: 1,
    predictedLabel: 'anomalous',
    uncertain: false,
    latencyMs: 3,
    look: { width: 640, height: 480, brightness: 101.5, sharpness: 12.25 },
  });
  await client.query(`INSERT INTO "Model" (name, "datasetName") VALUES ('m', 'nuts')`);
  await client.query(
    `INSERT INTO "ModelVersion" ("modelName", version, "runId", manifest, "bundleHash", "bundleDirectory", "sizeBytes")
     VALUES ('m', 1, 'r', '{}', 'h', 'd', 0)`,
  );
  const ofOneThatIsGone = { ...one(0), modelVersion: 2 };
  await database.inspections.record([one(0), one(1), one(40), one(50), ofOneThatIsGone]);
  const ages = async () =>
    (await client.query('SELECT category FROM "Inspection" ORDER BY at')).rows.map(
      ({ category }) => category,
    );
  expect(await ages()).toEqual([null, null, 'it’s "odd", {really}', 'it’s "odd", {really}']);
  expect(await database.inspections.removeBefore(new Date(Date.now() - 30 * 86_400_000))).toBe(2);
  expect(await ages()).toHaveLength(2);
  const [last] = await database.inspections.list({ name: 'm', version: 1, limit: 1 });
  expect(last).toMatchObject({
    ...{ width: 640, height: 480, brightness: 101.5, sharpness: 12.25, verdict: null },
  });
});
