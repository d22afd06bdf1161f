/** @file The sample dataset: same bytes for the same seed, fitting masks, and no gift for trivial scores. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../images/decode-image.ts';
import { decodeMask } from '../images/mask.ts';
import { type ImportedDataset, importDataset } from '../import/import-dataset.ts';
import { openFolderBlobStore } from '../store/blob-store.ts';
import { sha256Of } from '../store/sha256.ts';
import { filesBelow, makeTempFolder, type TempFolder } from '../testing/dataset-files.ts';
import { generateSampleDataset } from './generate-sample-dataset.ts';
import { COARSE, MAX_COVERAGE } from './render-sample.ts';

let temp: TempFolder;
let imported: ImportedDataset;
let seconds: number;

beforeAll(async () => {
  temp = await makeTempFolder();
  const directory = join(temp.path, 'sample');
  const start = process.cpuUsage();
  await generateSampleDataset({ directory, seed: 0 });
  // Processor time: other work on the machine must not decide the test.
  seconds = process.cpuUsage(start).user / 1e6;
  const blobs = openFolderBlobStore(join(temp.path, 'blobs'));
  imported = await importDataset({ source: directory, blobs });
}, 60_000);
afterAll(() => temp.remove());

async function digests(directory: string): Promise<string[]> {
  const files = (await filesBelow(directory)).sort();
  return Promise.all(
    files.map(async (file) => `${relative(directory, file)} ${sha256Of(await readFile(file))}`),
  );
}

it('has six categories of 24 + 8 normal and 15 anomalous images, all with masks, without warnings', () => {
  expect(imported.report.warnings).toEqual([]);
  expect(imported.report.categories.map((category) => category.name)).toEqual([
    'badge',
    'capsule',
    'fabric',
    'mesh',
    'screw',
    'wood',
  ]);
  for (const category of imported.report.categories) {
    expect(category).toMatchObject({ train: 24, testNormal: 8, testAnomalous: 15, masks: 15 });
    expect(category.defectTypes.map((type) => type.samples)).toEqual([5, 5, 5]);
    expect([category.minWidth, category.maxHeight]).toEqual([128, 128]);
  }
});

it('keeps its version, which results are given for', () =>
  expect(imported.hash).toMatch(/^642b3c13dbba/));

it('is made within 15 seconds of processor time', () => expect(seconds).toBeLessThan(15));

it('is the same to the byte for the same seed, and another for another seed', async () => {
  const again = join(temp.path, 'again');
  const other = join(temp.path, 'other');
  await generateSampleDataset({ directory: again, seed: 0 });
  await generateSampleDataset({ directory: other, seed: 1 });
  const first = await digests(join(temp.path, 'sample'));
  expect(await digests(again)).toEqual(first);
  const shared = new Set(first);
  const images = (await digests(other)).filter((line) => !line.includes('_mask'));
  expect(images.filter((line) => shared.has(line))).toEqual([]);
}, 90_000);

it('leaves nothing behind when cancelled', async () => {
  const controller = new AbortController();
  const generating = generateSampleDataset({
    directory: join(temp.path, 'cancelled'),
    seed: 0,
    signal: controller.signal,
    onProgress: (files) => files === 3 && controller.abort(),
  });
  await expect(generating).rejects.toMatchObject({ code: 'CANCELLED' });
  expect((await readdir(temp.path)).filter((name) => name.startsWith('cancelled'))).toEqual([]);
});

it('has masks that cover 0.2 to 15 % of their image', async () => {
  for (const { path, mask } of imported.manifest.samples) {
    if (mask === null) continue;
    const blobs = openFolderBlobStore(join(temp.path, 'blobs'));
    const { data } = await decodeMask(await blobs.read(mask.sha256), path);
    const coverage = data.reduce((sum, value) => sum + value, 0) / data.length;
    expect(coverage, path).toBeGreaterThanOrEqual(COARSE.minCoverage);
    expect(coverage, path).toBeLessThanOrEqual(MAX_COVERAGE);
  }
});

describe('trivial scores stay below an image AUROC of 0.8', () => {
  type Score = (pixels: Uint8Array) => number;

  async function meanAuroc(scoreFrom: (train: readonly Uint8Array[]) => Score): Promise<number> {
    const { samples } = imported.manifest;
    const names = [...new Set(samples.map((sample) => sample.category))];
    const values: number[] = [];
    for (const name of names) {
      const load = (keep: (sample: (typeof samples)[number]) => boolean): Promise<Uint8Array[]> =>
        Promise.all(
          samples
            .filter((sample) => sample.category === name && keep(sample))
            .map(async ({ path }) => {
              const bytes = await readFile(join(temp.path, 'sample', path));
              return (await decodeImage(bytes, path)).data;
            }),
        );
      const score = scoreFrom(await load((sample) => sample.split === 'train'));
      const normal = await load((s) => s.split === 'test' && s.label === 'normal');
      const anomalous = await load((s) => s.label === 'anomalous');
      values.push(auroc(normal.map(score), anomalous.map(score)));
    }
    return values.reduce((a, b) => a + b) / values.length;
  }

  it('distance of the mean brightness', async () => {
    const brightness: Score = (pixels) => pixels.reduce((a, b) => a + b, 0) / pixels.length;
    const value = await meanAuroc((train) => {
      const center = train.map(brightness).reduce((a, b) => a + b) / train.length;
      return (pixels) => Math.abs(brightness(pixels) - center);
    });
    expect(value).toBeLessThan(0.8);
  });

  it('distance to the mean image in standard deviations of each pixel', async () => {
    const value = await meanAuroc((train) => {
      const { mean, deviation } = pixelStatistics(train);
      return (pixels) =>
        pixels.reduce((sum, value, i) => sum + Math.abs(value - mean[i]!) / (deviation[i]! + 1), 0);
    });
    expect(value).toBeLessThan(0.8);
  });
});

function pixelStatistics(images: readonly Uint8Array[]): {
  mean: Float64Array;
  deviation: Float64Array;
} {
  const size = images[0]?.length ?? 0;
  const mean = new Float64Array(size);
  const deviation = new Float64Array(size);
  for (const image of images) for (let i = 0; i < size; i++) mean[i]! += image[i]! / images.length;
  for (const image of images) {
    for (let i = 0; i < size; i++) deviation[i]! += (image[i]! - mean[i]!) ** 2 / images.length;
  }
  return { mean, deviation: deviation.map(Math.sqrt) };
}

function auroc(normal: readonly number[], anomalous: readonly number[]): number {
  let wins = 0;
  for (const a of anomalous) for (const n of normal) wins += a > n ? 1 : a === n ? 0.5 : 0;
  return wins / (normal.length * anomalous.length);
}
