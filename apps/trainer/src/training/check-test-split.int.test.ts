/** @file The checks on real files: the ten categories are clean; a copied test image, and a re-encoded one, are found. */
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  generateSampleDataset,
  importDataset,
  openFolderBlobStore,
  renderThumbnail,
} from '@plumbline/data';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportNearDuplicates } from '../import/report-near-duplicates.ts';
import { checkTestSplit } from './check-test-split.ts';
import { lookForNearDuplicates } from './near-duplicates.ts';

const IMAGES = join(import.meta.dirname, '../../../../../shared/images');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-checks-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function importWithReport(source: string) {
  const blobs = openFolderBlobStore(join(folder, 'blobs'));
  const imported = await importDataset({ source, blobs });
  const { nearDuplicates, warnings } = reportNearDuplicates(imported);
  return { samples: imported.manifest.samples, nearDuplicates, warnings };
}

/** What is looked for after an import that did not is what the import finds. */
async function check(source: string) {
  const { samples, nearDuplicates } = await importWithReport(source);
  const blobs = openFolderBlobStore(join(folder, 'blobs'));
  const { signal } = new AbortController();
  const found = await lookForNearDuplicates({ samples, blobs, signal });
  expect(nearDuplicates).toEqual(found);
  const fittedOn = samples.filter((sample) => sample.split === 'train');
  return checkTestSplit({ samples, fittedOn, nearDuplicates: found });
}

test('the sample dataset has no near duplicates', async () => {
  const directory = join(folder, 'sample');
  await generateSampleDataset({ directory, seed: 1, signal: new AbortController().signal });
  const { nearDuplicates } = await importWithReport(directory);
  expect(nearDuplicates).toEqual({ sure: 0, likely: 0, pairs: [] });
}, 600_000);

describe.skipIf(!existsSync(IMAGES))('real images (skipped without ../shared/images)', () => {
  test('the ten categories of real10 pass, although patches of one paper are alike', async () => {
    const checks = await check(IMAGES);
    expect(checks.map(({ status, message }) => [status, message])).toEqual([
      ['passed', 'No test image is byte for byte the same as one of another split.'],
      ['passed', 'No normal test image is nearly the same as a training image of its category.'],
      ['passed', 'None of the 326 images that the model was fitted on is a test image.'],
      ['passed', 'Every category has at least 10 images of each kind.'],
    ]);
  });

  test('a copied test image bars the row and is named with its copy', async () => {
    const source = join(folder, 'copied');
    await cp(join(IMAGES, 'paper_gla01'), join(source, 'paper_gla01'), { recursive: true });
    const original = 'paper_gla01/test/good/PA_GLA01_TL_S_ND_10_1.png';
    const copy = 'paper_gla01/train/good/copied.png';
    await cp(join(source, original), join(source, copy));
    const [same, near, seen] = await check(source);
    for (const failed of [same, seen]) {
      expect(failed?.status).toBe('barred');
      expect(failed?.files).toEqual([original, copy]);
      expect(failed?.message).toContain(original);
      expect(failed?.message).toContain(copy);
    }
    expect(near?.status).toBe('passed');
  });

  test.each(['alien', 'cookie', 'paper_gla01'])(
    '%s: training images at another size and quality in the test split are found at import, unless anomalous',
    async (name) => {
      const source = join(folder, `leak-${name}`);
      await cp(join(IMAGES, name), join(source, name), { recursive: true });
      const blobs = openFolderBlobStore(join(folder, 'blobs'));
      const { manifest } = await importDataset({ source, blobs });
      const training = manifest.samples.filter(({ split }) => split === 'train').slice(0, 3);
      for (const [index, { path, image }] of training.entries()) {
        const small = await renderThumbnail(await blobs.read(image.sha256), image.width / 2);
        await writeFile(join(source, `${name}/test/good/leak-${index}.webp`), small);
        if (index > 0) continue;
        const defect = manifest.samples.find(({ label }) => label === 'anomalous')?.defectType;
        const anomalous = await renderThumbnail(await readFile(join(source, path)), 100);
        await writeFile(join(source, `${name}/test/${defect}/near.webp`), anomalous);
      }
      const { nearDuplicates, warnings } = await importWithReport(source);
      const found = nearDuplicates?.pairs.map((pair) => [pair.test.path, pair.training.path]);
      expect(found?.sort()).toEqual(
        training.map(({ path }, index) => [`${name}/test/good/leak-${index}.webp`, path]),
      );
      const warning = warnings.find(({ code }) => code === 'NEAR_DUPLICATES');
      expect(warning?.message).toContain('3 normal test images are nearly the same');
    },
  );

  // The paler a texture, the more of it WebP loses: brg02 has a contrast of two gray levels.
  test.each([
    ['paper_gla01', 'barred'],
    ['paper_brg02', 'marked'],
  ])('%s: a test image re-encoded as WebP is found too, and %s', async (name, status) => {
    const source = join(folder, `near-${name}`);
    await cp(join(IMAGES, name), join(source, name), { recursive: true });
    const blobs = openFolderBlobStore(join(folder, 'blobs'));
    const { manifest } = await importDataset({ source, blobs });
    const original =
      manifest.samples.find(({ split, label }) => split === 'test' && label === 'normal')?.path ??
      '';
    const copy = `${name}/train/good/recoded.webp`;
    const recoded = await renderThumbnail(await readFile(join(source, original)), 128);
    await writeFile(join(source, copy), recoded);
    const [same, near] = await check(source);
    expect(same?.status).toBe('passed');
    expect(near?.status).toBe(status);
    expect(near?.files).toEqual([original, copy]);
  });
});
