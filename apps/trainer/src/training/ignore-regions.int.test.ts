/**
 * @file A fixture at the same place in every test image: with an ignore region there, scores fall, and whoever runs the bundle
 * gets the scores of the evaluation.
 */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { BundleManifest, IgnorePolygon, Run } from '@plumbline/contracts';
import { decodeImage, importDataset, openFolderBlobStore } from '@plumbline/data';
import { taken } from '@plumbline/db/testing';
import { startInferenceHost } from '@plumbline/runtime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runImportJob } from '../import/import-job.ts';
import { writeStripes } from '../testing/striped-dataset.ts';
import { startTestTraining, type TestTraining } from '../testing/test-training.ts';

/** Of the 48 × 48 images of `narrow`: the lower left corner, with the clamp and a margin. */
const CORNER: IgnorePolygon = [
  [0, 0.5],
  [0.5, 0.5],
  [0.5, 1],
  [0, 1],
];
const TESTED = ['good/0', 'good/1', 'spot/0', 'spot/1'];
const METHOD = { method: 'retrieval', settings: { images: 3, localScale: 0 } };

let training: TestTraining;
beforeAll(async () => {
  training = await startTestTraining();
  await training.addDataset('clamped', async (folder) => {
    await writeStripes(folder);
    for (const name of TESTED) drawClamp(join(folder, `narrow/test/${name}.bmp`));
  });
});
afterAll(() => training?.stop());

/** Black and white squares in the lower left eighth; a BMP has the last row first. */
function drawClamp(file: string): void {
  const bytes = readFileSync(file);
  for (let y = 0; y < 12; y++)
    for (let x = 0; x < 12; x++)
      bytes.fill((x + y) % 4 < 2 ? 255 : 0, 54 + 3 * (48 * y + x), 57 + 3 * (48 * y + x));
  writeFileSync(file, bytes);
}

async function setIgnore(polygons: IgnorePolygon[]): Promise<void> {
  const { database, home, stores } = training;
  const changes = [{ kind: 'setIgnore', category: 'narrow', polygons } as const];
  const source = { kind: 'edit', changes, note: '' } as const;
  const { id } = await database.imports.create({ name: 'clamped', source });
  const attempt = await taken(database.imports, id);
  await runImportJob({ database, home, stores, attempt, signal: new AbortController().signal });
  expect((await database.imports.get(id)).error).toBeNull();
}

/** By path. */
async function resultsOf({ model, modelVersion }: Run) {
  const version = await training.database.models.get(model, modelVersion ?? 0);
  const images = await training.database.models.images(model, version.version);
  const scores = new Map(images.map(({ path, imageScore }) => [path, imageScore]));
  const { manifest } = version;
  if (manifest.kind === 'external') throw new Error('It was trained here.');
  return { manifest: manifest as BundleManifest, scores };
}

const bitmapOf = (name: string) =>
  join(training.home.root, `sources/clamped/narrow/test/${name}.bmp`);

async function scoredElsewhere(model: string, ignore?: number): Promise<number[]> {
  const script = new URL('../testing/score-bitmaps.mjs', import.meta.url).pathname;
  const env = { ...process.env, ...(ignore === undefined ? {} : { IGNORE: String(ignore) }) };
  const files = TESTED.map(bitmapOf);
  const { stdout } = await promisify(execFile)(process.execPath, [script, model, ...files], {
    env,
  });
  return JSON.parse(stdout) as number[];
}

it('what is ignored raises no score, in the evaluation as in any other program', async () => {
  const before = await resultsOf(
    await training.train({ ...METHOD, dataset: 'clamped', model: 'all' }),
  );
  expect(before.manifest.graph.ignore).toBeUndefined();
  expect(before.manifest.protocol.ignoreRule).toBe('none');

  await setIgnore([CORNER]);
  const [latest, first] = await training.database.datasets.versions('clamped');
  expect([latest?.sameTestSet, first?.sameTestSet]).toEqual([true, false]);
  const run = await training.train({ ...METHOD, dataset: 'clamped', model: 'some' });
  const { manifest, scores } = await resultsOf(run);
  expect(manifest).toMatchObject({
    ignore: [{ category: 'narrow', polygons: [CORNER] }],
    graph: { ignore: { name: 'ignore', categories: ['narrow'] } },
    parity: { ignored: 1 },
  });
  expect(manifest.protocol.ignoreRule).toContain('not counted in pixel metrics');

  const scoreOf = (of: ReadonlyMap<string, number>, name: string) =>
    of.get(`narrow/test/${name}.bmp`) ?? Number.NaN;
  for (const name of ['good/0', 'good/1'])
    expect(scoreOf(scores, name)).toBeLessThan(0.8 * scoreOf(before.scores, name));
  expect(manifest.categories['narrow']?.imageAuroc).toBe(1);
  // `wide` has no regions, and is scored as before.
  for (const [path, score] of scores)
    if (path.startsWith('wide/')) expect(score).toBeCloseTo(before.scores.get(path) ?? 0, 4);

  const model = training.bundleFile(run, 'model.onnx');
  const elsewhere = await scoredElsewhere(model, 1);
  for (const [index, name] of TESTED.entries())
    expect(elsewhere[index]).toBeCloseTo(scoreOf(scores, name), 4);
  const whole = await scoredElsewhere(model, 0);
  expect(whole[0]).toBeGreaterThan(1.2 * (elsewhere[0] ?? 0));
  // Whoever does not say whose regions gets no score, rather than another one.
  await expect(scoredElsewhere(model)).rejects.toThrow(/'ignore' is missing/);
  const host = await startInferenceHost({ modelPath: model });
  const image = await decodeImage(readFileSync(bitmapOf('good/0')), 'good');
  expect((await host.inspect(image, 'scores', 1)).imageScore).toBeCloseTo(elsewhere[0] ?? 0, 4);
  await host.stop();
});

it('held-out images are scored without the regions, too', async () => {
  const run = await training.train({ dataset: 'clamped', maxSteps: 2, model: 'held' });
  const { manifest, scores } = await resultsOf(run);
  expect(manifest.parity).toMatchObject({ ignored: 1 });
  const elsewhere = await scoredElsewhere(training.bundleFile(run, 'model.onnx'), 1);
  expect(elsewhere[0]).toBeCloseTo(scores.get('narrow/test/good/0.bmp') ?? Number.NaN, 4);
  expect(manifest.thresholds.categories['narrow']?.heldOutScores.length).toBeGreaterThan(0);
});

it('a version without its regions has the hash that it had', async () => {
  const { datasets } = training.database;
  await setIgnore([]);
  const [first, third] = await Promise.all([
    datasets.manifest('clamped', 1),
    datasets.manifest('clamped', 3),
  ]);
  expect(third.hash).toBe(first.hash);
  const source = join(training.home.root, 'sources/clamped');
  const blobs = openFolderBlobStore(training.home.blobs);
  expect((await importDataset({ source, blobs })).hash).toBe(first.hash);
});
