/** @file Runs on the same pictures stored in 8 bits, in 16 at either end, and as fractions: one result, and the range in the bundle. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BundleManifest, isTrained } from '@plumbline/contracts';
import { makeTiff, type TiffPixels } from '@plumbline/data/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestTraining, type TestTraining } from '../testing/test-training.ts';

const SIDE = 48;
/** How 12-bit values are stored, and the range that the bundle must then have. */
const STORED: Readonly<Record<string, [(values: Uint16Array) => TiffPixels, object | undefined]>> =
  {
    eight: [(values) => Uint8Array.from(values, (value) => value >> 4), undefined],
    low: [(values) => values, { low: 0, high: 4095 }],
    high: [(values) => values.map((value) => value << 4), { low: 0, high: 65535 }],
    fractions: [
      (values) => Float32Array.from(values, (value) => (value >> 4) / 255),
      { low: 0, high: 1 },
    ],
  };

let training: TestTraining;
beforeAll(async () => {
  training = await startTestTraining();
});
afterAll(() => training?.stop());

/** Dim stripes with a fault that the top eight of 16 bits would lose, and a bright corner that reaches white. */
function stripes(shift: number, hasFault: boolean): Uint16Array {
  return Uint16Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    if (x < 3 && y < 3) return 4095;
    const isFault = hasFault && Math.hypot(x - 30, y - 24) < 5;
    return (
      700 + 300 * Math.sin((x + shift) / 2) + (isFault ? 200 : 0) + ((i * 31 + shift * 7) % 40)
    );
  });
}

async function write(folder: string, store: (values: Uint16Array) => TiffPixels): Promise<void> {
  const images = async (path: string, count: number, shift: number, hasFault: boolean) => {
    await mkdir(join(folder, path), { recursive: true });
    for (let i = 0; i < count; i++) {
      const tiff = makeTiff(store(stripes(shift + i, hasFault)), SIDE, SIDE);
      await writeFile(join(folder, path, `${i}.tif`), tiff);
    }
  };
  await images('stripes/train/good', 12, 0, false);
  await images('stripes/test/good', 5, 50, false);
  await images('stripes/test/fault', 5, 70, true);
}

async function manifestOf(dataset: string): Promise<BundleManifest> {
  const run = await training.train({ dataset, method: 'patchcore', settings: undefined });
  const version = await training.database.models.get(run.model, run.modelVersion ?? 0);
  if (!isTrained(version)) throw new Error(`${dataset} was not trained`);
  return version.manifest;
}

test('12 bits, wherever they lie, and fractions score as their 8-bit twin', async () => {
  const manifests = new Map<string, BundleManifest>();
  for (const [name, [store]] of Object.entries(STORED)) {
    await training.addDataset(name, (folder) => write(folder, store));
    manifests.set(name, await manifestOf(name));
  }
  const twin = manifests.get('eight');
  expect(twin?.mean.imageAuroc).toBeGreaterThan(0.9);
  for (const [name, [, range]] of Object.entries(STORED)) {
    const manifest = manifests.get(name);
    expect([name, manifest?.mean]).toEqual([name, twin?.mean]);
    expect(manifest?.ranges).toEqual(range && [{ category: 'stripes', range }]);
  }
  const directory = await training.database.models.bundleDirectory('low-patchcore', 1);
  const card = await readFile(join(training.home.bundles, directory, 'card.md'), 'utf8');
  expect(card).toContain('stripes 0..4095');
});

test('the same files by another range are other features: the cache keeps them apart', async () => {
  const { database } = training;
  const before = await database.datasets.manifest('low');
  const samples = before.manifest.samples.map((sample) => ({
    ...sample,
    range: { low: 0, high: 65535 },
  }));
  const report = (await database.datasets.get('low')).report;
  const manifest = { ...before.manifest, samples };
  await database.datasets.create({
    name: 'low-as-16-bits',
    imported: { manifest, hash: 'f'.repeat(64), report },
  });
  const spoilt = await manifestOf('low-as-16-bits');
  const first = await database.models.get('low-patchcore', 1);
  if (!isTrained(first)) throw new Error('not trained');
  // So it was before ranges were found: 16 levels are left, and the fault in them is hard to see.
  expect(spoilt.mean).not.toEqual(first.manifest.mean);
  expect(spoilt.mean.imageAuroc).toBeLessThan(first.manifest.mean.imageAuroc ?? 0);
});
