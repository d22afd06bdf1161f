/** @file Imports of results, with real files and a real database: to a row by our own metrics, or to an error that names the sample. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ImportResultsInput,
  importResultsInput,
  platformHome,
  type ResultImport,
} from '@plumbline/contracts';
import { importDataset, openFolderBlobStore, openStores } from '@plumbline/data';
import { type Attempt, type Database, openDatabase, startQueueWorker } from '@plumbline/db';
import { createTestDatabase, type TestDatabase, taken } from '@plumbline/db/testing';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { grayPng, writeParts } from '../testing/parts-dataset.ts';
import { runResultImportJob } from './result-import-job.ts';

const GOOD_0 = 'bolt/test/good/0.png';
const GOOD_1 = 'bolt/test/good/1.png';
const SCRATCH_0 = 'bolt/test/scratch/0.png';
const SCRATCH_1 = 'bolt/test/scratch/1.png';
const NUT = 'nut/test/good/0.png';
/** One of the four pairs of a normal and an anomalous image is the wrong way round. */
const SCORES: Readonly<Record<string, number>> = {
  [GOOD_0]: 0.2,
  [GOOD_1]: 0.6,
  [SCRATCH_0]: 0.5,
  [SCRATCH_1]: 0.9,
  [NUT]: 0.1,
};
const SIDE = 16;

let root: string;
let testDatabase: TestDatabase;
let database: Database;
let folders = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumbline-results-'));
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  const blobs = openFolderBlobStore(platformHome(root).blobs);
  for (const name of ['parts', 'other']) {
    const source = join(root, 'sources', name);
    await writeParts(source, SIDE);
    await database.datasets.create({ name, imported: await importDataset({ source, blobs }) });
  }
});
afterAll(async () => {
  await database?.close();
  await testDatabase?.stop();
  await rm(root, { recursive: true, force: true });
});

/** The map of an anomalous image is bright where its mask is: rows 0 to 3. */
function pixelsOf(path: string): Uint8Array {
  const pixels = new Uint8Array(SIDE * SIDE).fill(10);
  return path.includes('scratch') ? pixels.fill(200, 0, 4 * SIDE) : pixels;
}

interface Changes {
  readonly scores?: Readonly<Record<string, number | string | null>>;
  /** Files that take the place of what would be written. */
  readonly files?: Readonly<Record<string, Uint8Array | string>>;
  readonly side?: number;
}

/** A folder of results for all test images, with something changed. */
async function writeResults({ scores = {}, files = {}, side = SIDE }: Changes = {}) {
  folders++;
  const folder = join(root, 'results', String(folders));
  const rows = Object.entries({ ...SCORES, ...scores }).filter(([, score]) => score !== null);
  const tree: Record<string, Uint8Array | string> = {
    'scores.csv': ['path,score', ...rows.map((row) => row.join(','))].join('\n'),
  };
  for (const [path] of rows) tree[`maps/${path}`] = await grayPng(pixelsOf(path), SIDE, side);
  for (const [path, bytes] of Object.entries({ ...tree, ...files })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  return folder;
}

function input(path: string, more: Partial<ImportResultsInput> = {}): ImportResultsInput {
  return importResultsInput.parse({
    dataset: 'parts',
    model: 'theirs',
    protocol: `plumbline-${SIDE}`,
    method: 'EfficientAD',
    source: { kind: 'path', path },
    ...more,
  });
}

async function run(resultId: string, signal?: AbortSignal): Promise<void> {
  return work(await taken(database.results, resultId), signal);
}

async function work(attempt: Attempt, signal = new AbortController().signal): Promise<void> {
  const home = platformHome(root);
  const stores = openStores(home, { kind: 'folder' });
  await runResultImportJob({ database, home, stores, codeVersion: 'test', attempt, signal });
}

async function importResults(wanted: ImportResultsInput): Promise<ResultImport> {
  const { id } = await database.results.create(wanted);
  await run(id);
  return database.results.get(id);
}

const bundles = () => readdir(platformHome(root).bundles).catch(() => []);

describe('sound results', () => {
  test('become a version with metrics by our code, a bundle and no graph', async () => {
    const path = await writeResults();
    const done = await importResults(input(path, { note: 'Trained elsewhere.', seed: 7 }));
    expect(done).toMatchObject({ status: 'succeeded', error: null, modelVersion: 1 });
    const { manifest } = await database.models.get('theirs', 1);
    if (manifest.kind !== 'external') throw new Error('not external');
    expect(manifest).toMatchObject({ method: 'EfficientAD', seed: 7, thresholds: null });
    expect(manifest.external).toMatchObject({ format: 'png', mapsResized: null });
    const bolt = manifest.categories['bolt'];
    // Of the pairs (0.5, 0.2), (0.5, 0.6), (0.9, 0.2), (0.9, 0.6) three are right.
    expect(bolt?.imageAuroc).toBe(3 / 4);
    expect(bolt).toMatchObject({ pixelAuroc: 1, pixelAp: 1, pixelF1Max: 1, aupro30: 1 });
    // A category without anomalies has no metric, and the mean says over how many it is.
    expect(manifest.categories['nut']).toMatchObject({ imageAuroc: null, pixelAuroc: null });
    expect(manifest.mean.imageAuroc).toBe(3 / 4);
    expect(manifest.evaluation?.definedOver.imageAuroc).toBe(1);
    // Nobody here knows what it was trained on, so that check is not claimed.
    const checks = manifest.evaluation?.checks.map((check) => check.name);
    expect(checks).toContain('too-few-images');
    expect(checks).not.toContain('test-image-in-training');
    expect(await database.models.images('theirs', 1)).toHaveLength(5);
  });

  test('leave a bundle with card, curves and the heatmaps of the worst images', async () => {
    const path = await writeResults();
    const { id } = await importResults(input(path, { model: 'carded' }));
    const folder = join(platformHome(root).bundles, `${id}.1`);
    const card = await readFile(join(folder, 'card.md'), 'utf8');
    expect(card).toContain('Results of an external model (EfficientAD');
    expect(card).toContain('undefined: no anomalous test image');
    const file = JSON.parse(await readFile(join(folder, 'evaluation.json'), 'utf8'));
    expect(file.categories.bolt).toMatchObject({ normal: 2, anomalous: 2, masks: 2 });
    expect(file.categories.bolt.curves.imageRoc.x.at(-1)).toBe(1);
    expect(file.categories.nut.curves.imageRoc).toBe(null);
    // 0.5 of an anomalous image lies under the 0.6 of a normal one: each is confused with one of two.
    expect(file.worst.misses).toMatchObject([{ path: SCRATCH_0, confusedWith: 0.5 }]);
    expect(file.worst.falseAlarms).toMatchObject([{ path: GOOD_1, confusedWith: 0.5 }]);
    // One scale for all: the darkest and brightest pixel of any map.
    expect(file.worst.scale).toEqual({ low: 10, high: 200 });
    const heatmaps = [...file.worst.misses, ...file.worst.falseAlarms].map(
      (image: { sha256: string }) => `heatmap-${image.sha256}.png`,
    );
    const files = ['card.md', 'evaluation.json', 'manifest.json', ...heatmaps];
    expect((await readdir(folder)).sort()).toEqual(files.sort());
    const { data } = await sharp(join(folder, heatmaps[0] ?? ''))
      .raw()
      .toBuffer({ resolveWithObject: true });
    // Rows 0 to 3 are at the top of the scale, whose last color is yellow; the last row is at its bottom, the gray photo.
    const yellow = (at: number) => (data[at] ?? 0) - (data[at + 2] ?? 0);
    expect(yellow(0)).toBeGreaterThan(40);
    expect(yellow(15 * SIDE * 3)).toBe(0);
  });

  test('of another map size are resized when that is asked for, and it says so', async () => {
    const path = await writeResults({ side: 2 * SIDE });
    const done = await importResults(input(path, { model: 'resized', mapResize: 'bilinear' }));
    expect(done.error).toBe(null);
    const { manifest } = await database.models.get('resized');
    if (manifest.kind !== 'external') throw new Error('not external');
    expect(manifest.external.mapsResized).toBe('32 × 32 px');
    expect(manifest.categories['bolt']?.pixelAuroc).toBe(1);
  });

  test('are imported by a queue worker, once', async () => {
    const signal = new AbortController();
    const worker = await startQueueWorker({
      url: testDatabase.url,
      trainerId: 'tests',
      handlers: {
        import: async () => {},
        train: async () => {},
        results: (attempt) => work(attempt, signal.signal),
      },
    });
    const { id } = await database.results.create(input(await writeResults(), { model: 'queued' }));
    let state = await database.results.get(id);
    for (let i = 0; i < 600 && state.finishedAt === null; i++) {
      await sleep(50);
      state = await database.results.get(id);
    }
    await worker.stop();
    expect(state).toMatchObject({ status: 'succeeded', modelVersion: 1, checked: 5, total: 5 });
    expect(await database.results.take(id)).toBeNull();
    expect(await database.models.versions('queued')).toHaveLength(1);
  });
});

describe('what is wrong is named, and nothing of it stays', () => {
  let before: string[];
  beforeEach(async () => {
    before = await bundles();
  });

  async function refusal(changes: Changes, more: Partial<ImportResultsInput> = {}) {
    const wanted = input(await writeResults(changes), { model: 'refused', ...more });
    const state = await importResults(wanted);
    expect(state).toMatchObject({ status: 'failed', modelVersion: null });
    expect(state.error).toMatchObject({ code: 'INVALID_INPUT', fix: expect.any(String) });
    expect(await bundles()).toEqual(before);
    await expect(database.models.get('refused')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    return state.error;
  }

  test('a map of another size than the mask', async () => {
    const map = await grayPng(pixelsOf(SCRATCH_1), SIDE, 8);
    const error = await refusal({ files: { [`maps/${SCRATCH_1}`]: map } });
    expect(error).toMatchObject({ file: SCRATCH_1, field: 'mapResize' });
    expect(error?.message).toContain(`The map of ${SCRATCH_1} is 8 × 8, but plumbline-16`);
  });

  test('a score that is not a number', async () => {
    const error = await refusal({ scores: { [GOOD_1]: 'nan' } });
    expect(error).toMatchObject({ file: GOOD_1 });
    expect(error?.message).toContain(`The score of ${GOOD_1} is NaN`);
    expect(error?.message).toMatch(/scores\.csv, line \d/);
  });

  test('a sample without a score', async () => {
    const error = await refusal({ scores: { [SCRATCH_0]: null } });
    expect(error).toMatchObject({ file: SCRATCH_0 });
    expect(error?.message).toBe(`1 of the test images have no score: ${SCRATCH_0}.`);
  });

  test('a category that the dataset lacks', async () => {
    const error = await refusal({ scores: { 'gear/test/good/0.png': 0.1 } });
    expect(error).toMatchObject({ file: 'gear/test/good/0.png' });
    expect(error?.fix).toContain('Its categories are bolt, nut;');
  });

  test('a protocol that does not match', async () => {
    const stated = await refusal({ files: { 'protocol.txt': 'plumbline-256' } });
    expect(stated).toMatchObject({ field: 'protocol' });
    expect(stated?.message).toContain('made under plumbline-256, not plumbline-16');
  });

  test('a damaged map, found late', async () => {
    const whole = await grayPng(pixelsOf(NUT), SIDE, SIDE);
    const error = await refusal({ files: { [`maps/${NUT}`]: whole.subarray(0, 60) } });
    expect(error).toMatchObject({ file: `maps/${NUT}` });
  });

  test('a pixel that is not finite, in an .npz; and the same .npz cut short', async () => {
    const whole = await readFile(join(import.meta.dirname, 'fixtures/nan-pixel.npz'));
    const path = join(root, 'nan-pixel.npz');
    await writeFile(path, whole);
    const state = await importResults(input(path, { model: 'refused' }));
    expect(state.error).toMatchObject({ code: 'INVALID_INPUT', file: SCRATCH_0 });
    expect(state.error?.message).toBe(`The map of ${SCRATCH_0} is NaN at row 3, column 5.`);
    await writeFile(path, whole.subarray(0, whole.length / 2));
    const cut = await importResults(input(path, { model: 'refused' }));
    expect(cut.error).toMatchObject({ code: 'INVALID_INPUT', file: 'nan-pixel.npz' });
    expect(cut.error?.fix).toContain('cut short');
    expect(await bundles()).toEqual(before);
  });

  test('a model name that another dataset took meanwhile: the bundle is taken back', async () => {
    const path = await writeResults();
    const late = await database.results.create(input(path, { model: 'taken' }));
    await importResults(input(path, { model: 'taken', dataset: 'other' }));
    before = await bundles();
    await run(late.id);
    const state = await database.results.get(late.id);
    expect(state).toMatchObject({ status: 'failed', error: { code: 'CONFLICT', field: 'model' } });
    expect(await bundles()).toEqual(before);
    await expect(database.results.create(input(path, { model: 'taken' }))).rejects.toMatchObject({
      code: 'CONFLICT',
    });
  });

  test('an interruption leaves the import to the next trainer', async () => {
    const { id } = await database.results.create(
      input(await writeResults(), { model: 'interrupted' }),
    );
    const abort = new AbortController();
    abort.abort(new Error('The trainer ends.'));
    await expect(run(id, abort.signal)).rejects.toThrow('The trainer ends.');
    expect(await bundles()).toEqual(before);
    expect((await database.results.get(id)).status).toBe('running');
    await database.results.release({ id, number: 1 });
    await run(id);
    expect(await database.results.get(id)).toMatchObject({ status: 'succeeded', modelVersion: 1 });
  });
});
