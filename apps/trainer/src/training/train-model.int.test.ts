import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { platformHome, startTrainingInput } from '@plumbline/contracts';
import { importDataset, openFolderBlobStore } from '@plumbline/data';
import { type Database, openDatabase } from '@plumbline/db';
import { createTestDatabase, type TestDatabase } from '@plumbline/db/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainModel } from './train-model.ts';

const SIDE = 48;
const root = mkdtempSync(join(tmpdir(), 'plumbline-train-'));
const home = platformHome(root);
let server: TestDatabase;
let database: Database;

/** A 24-bit BMP of stripes, with a spot when it is anomalous. */
function writeBmp(path: string, period: number, shift: number, spot: boolean): void {
  const pixels = Buffer.alloc(SIDE * SIDE * 3);
  for (let i = 0; i < pixels.length; i++) {
    const [x, y] = [Math.floor(i / 3) % SIDE, Math.floor(i / 3 / SIDE)];
    const inSpot = spot && Math.hypot(x - 20, y - 20) < 8;
    pixels[i] = inSpot ? 255 : 100 + 60 * Math.sin((x + shift) / period) + (i % 3) * 20;
  }
  const header = Buffer.alloc(54);
  header.write('BM');
  header.writeUInt32LE(54 + pixels.length, 2);
  header.writeUInt32LE(54, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(SIDE, 18);
  header.writeInt32LE(SIDE, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  writeFileSync(path, Buffer.concat([header, pixels]));
}

function writeCategory(name: string, period: number, trainImages: number): void {
  const write = (folder: string, count: number, shift: number, spot: boolean) => {
    mkdirSync(join(root, 'source', name, folder), { recursive: true });
    for (let i = 0; i < count; i++)
      writeBmp(join(root, 'source', name, folder, `${i}.bmp`), period, shift + i, spot);
  };
  write('train/good', trainImages, 0, false);
  write('test/good', 2, 50, false);
  write('test/spot', 2, 60, true);
}

beforeAll(async () => {
  writeCategory('narrow', 2, 10);
  writeCategory('wide', 5, 3);
  server = await createTestDatabase();
  database = await openDatabase(server.url);
  const imported = await importDataset({
    source: join(root, 'source'),
    blobs: openFolderBlobStore(home.blobs),
  });
  await database.datasets.create({ name: 'stripes', imported });
});

afterAll(async () => {
  await database.close();
  await server.stop();
  rmSync(root, { recursive: true, force: true });
});

/** Trains as a trainer's child does. */
async function train(change: Record<string, unknown> = {}) {
  const input = startTrainingInput.parse({
    dataset: 'stripes',
    preset: 'tiny',
    seed: 5,
    maxSteps: 3,
    rlr: { layers: 1, widths: { 8: 32, 16: 16 } },
    ...change,
  });
  const run = await database.runs.create(input);
  await database.runs.take(run.id, 'trainer');
  const environment = {
    home,
    databaseUrl: server.url,
    codeVersion: 'test',
    host: 'test',
    featureCacheBytes: 1e9,
    executor: 'cpu' as const,
    backboneMirror: null,
  };
  const { signal } = new AbortController();
  await trainModel({ database, environment, runId: run.id, signal });
  return database.runs.get(run.id);
}

describe('a training run', () => {
  it('gives the same bundle for the same seed, another for another', async () => {
    const runs = [await train(), await train(), await train({ seed: 6 })];
    const versions = await Promise.all(
      runs.map((run) => database.models.get(run.model, run.modelVersion ?? 0)),
    );
    const [first, second, other] = versions.map(({ bundleHash }) => bundleHash);
    expect(second).toBe(first);
    expect(other).not.toBe(first);
    const files = (run: { id: string }) =>
      ['model.onnx', 'card.md'].map((name) => readFileSync(join(home.bundles, run.id, name)));
    expect(files(runs[0]!)).toEqual(files(runs[1]!));
  });

  it('trains a category with three images, and says that they are few', async () => {
    const run = await train({ model: 'few' });
    const { manifest } = await database.models.get('few', 1);
    expect(manifest.thresholds?.categories['wide']?.heldOutScores).toHaveLength(1);
    const logs = await database.runs.logs(run.id);
    expect(logs.map(({ text }) => text)).toContainEqual(expect.stringMatching(/wide has only 3/));
  });

  it('refuses what the memory cannot hold before it computes anything', async () => {
    const huge = { imageSizePx: 512, batchSize: 256, widths: { 64: 2048 }, layers: 12 };
    await expect(train({ preset: 'paper', rlr: huge })).rejects.toThrow(
      expect.objectContaining({ field: 'preset', fix: expect.stringMatching(/batch/) }),
    );
  });

  it('stops when the loss leaves the numbers, and says at which step', async () => {
    const failed = expect(train({ maxSteps: 60, rlr: { layers: 1, learningRate: 1e30 } })).rejects;
    await failed.toThrow(/level \w+ left the finite numbers at step \d+/);
  });
});
