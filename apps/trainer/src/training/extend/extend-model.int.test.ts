/** @file A version that goes on from another: the bytes of one that was trained on all, thresholds and card that say so. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BundleManifest, Run } from '@plumbline/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stripes, writeStripes } from '../../testing/striped-dataset.ts';
import { startTestTraining, type TestTraining } from '../../testing/test-training.ts';

let training: TestTraining;
beforeAll(async () => {
  training = await startTestTraining();
  await training.addDataset('stripes', writeStripes);
  await training.addDataset('further', (folder) => writeMore(folder, 'zebra'));
  await training.addDataset('together', async (folder) => {
    await writeStripes(folder);
    await writeMore(folder, 'zebra');
  });
});
afterAll(() => training?.stop());

/** Two normal training images of a category that comes last. */
async function writeMore(folder: string, category: string): Promise<void> {
  for (const name of ['train/good', 'test/good'])
    mkdirSync(join(folder, category, name), { recursive: true });
  for (const i of [0, 1])
    writeFileSync(join(folder, category, `train/good/${i}.bmp`), stripes(9, i, false));
  writeFileSync(join(folder, category, 'test/good/0.bmp'), stripes(9, 4, false));
}

const METHOD = { method: 'retrieval', settings: { images: 3, localScale: 0 } };

async function manifestOf(run: Run): Promise<BundleManifest> {
  const { manifest } = await training.database.models.get(run.model, run.modelVersion ?? 0);
  if (manifest.kind === 'external') throw new Error('External');
  return manifest;
}

it('has the bytes, thresholds and category bank of a version that was trained on all images', async () => {
  const parent = await training.train({ ...METHOD, dataset: 'stripes', model: 'grown' });
  const whole = await training.train({ ...METHOD, dataset: 'together', model: 'whole' });
  const extend = (version: number, more: object = {}) =>
    training.train({
      ...{ ...METHOD, dataset: 'stripes', model: 'grown' },
      extends: { version, from: 'further', ...more },
    });
  const run = await extend(parent.modelVersion ?? 0);
  for (const name of ['model.onnx', 'category-bank.safetensors'])
    expect(
      readFileSync(training.bundleFile(run, name)).equals(
        readFileSync(training.bundleFile(whole, name)),
      ),
      name,
    ).toBe(true);
  const [own, wanted] = [await manifestOf(run), await manifestOf(whole)];
  expect(own.thresholds).toEqual(wanted.thresholds);
  expect(own.thresholds.categories['zebra']?.heldOutScores).toHaveLength(2);
  expect(own.extension).toMatchObject({ parent: 1, from: 'further', addedBefore: [] });
  expect(own.extension?.added.map(({ path }) => path)).toEqual([
    'zebra/train/good/0.bmp',
    'zebra/train/good/1.bmp',
  ]);

  // Not evaluated, and on no board.
  expect(own.mean.imageAuroc).toBeNull();
  expect(own.latencyMs.images).toBe(0);
  expect(own.evaluation?.checks.at(-1)).toMatchObject({
    name: 'images-beyond-the-dataset',
    status: 'barred',
    message: expect.stringMatching(
      /version 1 and knows 2 images beyond .* It was not evaluated\.$/,
    ),
  });
  const card = readFileSync(training.bundleFile(run, 'card.md'), 'utf8');
  expect(card).toContain('This is version 1 with 2 normal images of the dataset further');
  expect(card).toContain('- zebra: zebra/train/good/1.bmp');

  // What it knows it is not given again; who goes on from the parent may be evaluated.
  await expect(extend(run.modelVersion ?? 0)).rejects.toMatchObject({ code: 'CONFLICT' });
  const evaluated = await manifestOf(await extend(1, { evaluate: true }));
  expect(evaluated.mean.imageAuroc).not.toBeNull();
  expect(evaluated.evaluation?.checks.at(-1)?.status).toBe('barred');
});

it('goes on in the int8 of its parent, with the ranges that were measured for it', async () => {
  const input = { ...METHOD, dataset: 'stripes', model: 'int8' };
  const parent = await manifestOf(await training.train({ ...input, precision: 'int8' }));
  const extended = { ...input, extends: { version: 1, from: 'further', evaluate: true } };
  const own = await manifestOf(await training.train({ ...extended, precision: 'int8' }));
  expect(parent.backbone.calibration).toBeDefined();
  expect(own.backbone).toEqual(parent.backbone);
  expect(own.parity.imageScoreRelative).toBeLessThan(1e-4);
  expect(own.thresholds.categories['zebra']?.heldOutScores).toHaveLength(2);
  expect(own.mean.imageAuroc).not.toBeNull();
});

it('is refused for a method that does not keep its images', async () => {
  await training.train({ dataset: 'stripes', method: 'padim', model: 'fitted', settings: {} });
  const run = training.train({
    ...{ dataset: 'stripes', method: 'padim', model: 'fitted', settings: {} },
    extends: { version: 1, from: 'further' },
  });
  await expect(run).rejects.toMatchObject({
    code: 'CONFLICT',
    fix: expect.stringContaining('Retrieval'),
  });
});
