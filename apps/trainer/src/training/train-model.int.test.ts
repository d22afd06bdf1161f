import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Run, type Sample, type TrainedVersion, toSuspects } from '@plumbline/contracts';
import { openFolderBlobStore } from '@plumbline/data';
import { createExecutor } from '@plumbline/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contrastOf, suspectMapsOf, trainingScoresOf } from '../testing/kept-scores.ts';
import { stripes, writeStripes } from '../testing/striped-dataset.ts';
import {
  SMALL_RLR,
  startTestTraining,
  type TestTraining,
  type WorkOptions,
} from '../testing/test-training.ts';
import { feedOf } from './features/read-image.ts';
import { folderCheckpoints } from './testing/folder-checkpoints.ts';
import { MADE_UP_DATA } from './testing/made-up-fit.ts';

/** What batches of other sizes may round otherwise, relative. */
const LAST_BITS = 1e-5;

let training: TestTraining;

beforeAll(async () => {
  training = await startTestTraining();
  await training.addDataset('stripes', writeStripes);
});
afterAll(() => training?.stop());

function settings(change: Record<string, unknown> = {}) {
  return { dataset: 'stripes', seed: 5, maxSteps: 3, ...change };
}

async function train(change: Record<string, unknown> = {}, options?: WorkOptions) {
  return training.train(settings(change), options);
}

/** Test images were scored in batches; one at a time, as a model is served, they get the same. */
async function expectScoresAsServed(
  { database, home, bundleFile }: TestTraining,
  run: Run,
  { manifest, model, version }: TrainedVersion,
  batchSize = 4,
): Promise<void> {
  expect(manifest.evaluatedWith).toMatchObject({ provider: 'cpu', batchSize });
  expect(manifest.evaluatedWith?.imageScoreRelative).toBeLessThan(LAST_BITS);
  expect(manifest.evaluatedWith?.anomalyMapRelative).toBeLessThan(LAST_BITS);
  const { samples } = (await database.datasets.manifest(run.dataset)).manifest;
  const test = samples.filter(({ split }) => split === 'test');
  expect(manifest.latencyMs).toMatchObject({ images: test.length, warmUp: 3 });
  const session = await (await createExecutor()).load(readFileSync(bundleFile(run, 'model.onnx')));
  const blobs = openFolderBlobStore(home.blobs);
  const images = await database.models.images(model, version);
  expect(images).toHaveLength(test.length);
  for (const { path, imageScore } of images) {
    const sample = test.find((one) => one.path === path) as Sample;
    const { image_score } = await session.run(await feedOf(blobs, sample));
    const served = Number(image_score?.data[0]);
    expect(Math.abs(imageScore - served) / served).toBeLessThan(LAST_BITS);
  }
  await session.release();
}

describe('a training run', () => {
  it('gives the same bundle for the same seed, another for another', async () => {
    // All cores at once must not matter; with a larger network, which takes them, other test files would wait.
    const change = { settings: { ...SMALL_RLR, imageSizePx: 64, strides: [8] } };
    const again = () => train(change, { threads: null });
    const runs = [await again(), await again(), await train({ ...change, seed: 6 })];
    const { models } = training.database;
    const versions = await Promise.all(
      runs.map((run) => models.get(run.model, run.modelVersion ?? 0)),
    );
    const [first, second, other] = versions.map(({ bundleHash }) => bundleHash);
    expect(second).toBe(first);
    expect(other).not.toBe(first);
    const files = (run: Run) =>
      ['model.onnx', 'card.md'].map((name) => readFileSync(training.bundleFile(run, name)));
    expect(files(runs[0]!)).toEqual(files(runs[1]!));
  });

  it('says before, after and in the card what share of the images it saw, and how often', async () => {
    const batches = { settings: { ...SMALL_RLR, batchSize: 8 } };
    const run = await train({ model: 'seen', maxSteps: 1, ...batches });
    const { manifest } = await training.database.models.get('seen', 1);
    // Six of one category and two of another, which are drawn alike.
    const saw = { images: 8, seen: 6, passes: 1 };
    const parts = manifest.backbone?.featureTaps ?? [];
    expect(manifest.kind).not.toBe('external');
    expect(manifest).toMatchObject({ coverage: parts.map((part) => ({ part, ...saw })) });
    const words = 'Training sees 75 % of the 8 training images, once on average.';
    const texts = (await training.database.runs.logs(run.id)).map(({ text }) => text);
    expect(texts.filter((text) => text.endsWith(words))).toEqual([`Planned: ${words}`, words]);
    const card = readFileSync(training.bundleFile(run, 'card.md'), 'utf8');
    expect(card).toContain(words);
    // No threshold rests on what it learned from; what stands out there is shown all the same.
    const scores = trainingScoresOf(training, run);
    const [heldOut, learned] = [scores.images, scores.learned ?? []].map((images) =>
      images.map(({ path }) => path),
    );
    expect([heldOut?.length, learned?.length]).toEqual([5, 8]);
    expect(new Set([...(heldOut ?? []), ...(learned ?? [])]).size).toBe(13);
    expect(card).toContain('and 8 by the fit that learned from them');
  });

  it('trains a category with three images, says once that they are few, and that it enlarges them', async () => {
    const run = await train({ model: 'few' });
    const { manifest } = await training.database.models.get('few', 1);
    expect(manifest.thresholds?.categories['wide']?.heldOutScores).toHaveLength(1);
    expect(manifest.graph?.input.minSidePx).toBe(16);
    const logs = await training.database.runs.logs(run.id);
    const warnings = logs.filter(({ severity }) => severity === 'warning');
    expect(warnings.map(({ text }) => text)).toEqual([
      expect.stringMatching(/come from only 1 to 4 held-out images each: narrow, wide/),
      expect.stringMatching(/^13 .*128×128.*\(48×48\).* are enlarged/),
    ]);
    expect(manifest.thresholds?.scoresFrom).toBe('heldOut');
  });

  it.each(['patchcore', 'retrieval', 'padim'])(
    'fits %s to all normal images, each scored by a fit without it',
    async (method) => {
      await training.addDataset(`lone-${method}`, async (folder) => {
        await writeStripes(folder);
        for (const name of ['train/good', 'test/good'])
          mkdirSync(join(folder, 'lone', name), { recursive: true });
        writeFileSync(join(folder, 'lone/train/good/0.bmp'), stripes(9, 0, false));
        writeFileSync(join(folder, 'lone/test/good/0.bmp'), stripes(9, 4, false));
      });
      const settings = {
        dataset: `lone-${method}`,
        method,
        backbone: 'compact',
        settings: undefined,
        model: method,
      };
      const runs = [await train(settings), await train(settings)];
      const versions = await Promise.all(
        [1, 2].map((v) => training.database.models.get(method, v)),
      );
      const [first, second] = versions;
      expect(second?.bundleHash).toBe(first?.bundleHash);
      const thresholds = first?.manifest.thresholds;
      expect(thresholds?.scoresFrom).toBe('crossFit');
      expect(thresholds?.rule).toMatch(/all normal training images, each by a fit without it/);
      const counts = Object.entries(thresholds?.categories ?? {}).map(([name, own]) => [
        name,
        own.heldOutScores.length,
      ]);
      expect(counts.sort()).toEqual([
        ['narrow', 10],
        ['wide', 3],
      ]);
      expect(thresholds?.pooled.heldOutScores).toHaveLength(13);
      expect(thresholds?.pooled.heldOutScores.every((score) => score > 0)).toBe(true);
      expect(Object.keys(first?.manifest.categories ?? {})).toContain('lone');
      await expectScoresAsServed(training, runs[0]!, first as TrainedVersion);
      const texts = (await training.database.runs.logs(runs[0]?.id ?? '')).map(({ text }) => text);
      expect(texts).toContainEqual(
        'Thresholds come from the scores of 13 normal training images, each by a fit without it.',
      );
      expect(texts).toContainEqual(
        expect.stringMatching(/Without a threshold of their own.*: lone/),
      );
      expect(readFileSync(training.bundleFile(runs[0]!, 'card.md'), 'utf8')).toMatch(
        /Without a threshold of their own.*: lone/,
      );
    },
  );

  it('has the backbone in int8 or float16 from features to export, and the same again', async () => {
    const asked = { method: 'retrieval', backbone: 'compact', settings: undefined };
    const int8 = { ...asked, precision: 'int8', model: 'int8' };
    const runs = [await train(int8), await train(int8)];
    const versions = await Promise.all([1, 2].map((v) => training.database.models.get('int8', v)));
    expect(versions[1]?.bundleHash).toBe(versions[0]?.bundleHash);
    const first = versions[0] as TrainedVersion;
    const { calibration } = first.manifest.backbone;
    expect(calibration?.images).toHaveLength(13);
    expect(calibration?.images.every((path) => path.includes('/train/good/'))).toBe(true);
    expect(Object.keys(calibration?.ranges ?? {})).toContain('input');
    expect(first.manifest.thresholds?.pooled.heldOutScores).toHaveLength(13);
    // Images of the bank score 4e-6 by themselves, all of it rounding, so that a batch of them is never alike.
    await expectScoresAsServed(training, runs[0]!, first, 1);
    expect(readFileSync(training.bundleFile(runs[0]!, 'card.md'), 'utf8')).toContain(
      'precision: int8 in the backbone, its ranges measured on 13 training images',
    );
    const exact = await train({ ...asked, model: 'float32' });
    const bytes = (run: Run) => readFileSync(training.bundleFile(run, 'model.onnx')).length;
    // A byte for each weight, where it were four: 1.4 MB of `compact`, less what the plan adds.
    expect(bytes(exact) - bytes(runs[0]!)).toBeGreaterThan(900_000);
    const { manifest } = await training.database.models.get('float32', 1);
    expect(manifest.backbone).not.toHaveProperty('calibration');
    const halved = await train({ ...asked, precision: 'float16', model: 'float16' });
    expect(bytes(exact) - bytes(halved)).toBeGreaterThan(600_000);
    const float16 = (await training.database.models.get('float16', 1)) as TrainedVersion;
    expect(float16.manifest.backbone).toMatchObject({ precision: 'float16' });
    await expectScoresAsServed(training, halved, float16);
  });

  it('keeps the scores of training images, and names in the card those that stand out', async () => {
    await training.addDataset('contaminated', async (folder) => {
      await writeStripes(folder);
      // Defects among the normal images: 10 are as they should be.
      for (const i of [0, 1])
        writeFileSync(join(folder, `narrow/train/good/odd-${i}.bmp`), stripes(2, 20 + 9 * i, true));
    });
    const run = await train({
      ...{ dataset: 'contaminated', method: 'retrieval', backbone: 'compact', model: 'odd' },
      settings: undefined,
    });
    const scores = trainingScoresOf(training, run);
    expect(scores).toMatchObject({ scoresFrom: 'crossFit' });
    expect(scores.images).toHaveLength(15);
    const maps = suspectMapsOf(training, run);
    expect(maps.map(({ sha256 }) => sha256)).toEqual(
      toSuspects(scores).suspects.map(({ sha256 }) => sha256),
    );
    // 20 of 48 pixels from the left and from below, with a radius of 8: patches at its edge differ, too.
    const spot = { x: 20 / 48, y: 28 / 48, radius: 16 / 48 };
    for (const map of maps.slice(0, 2)) expect(contrastOf(map, spot)).toBeGreaterThan(1.4);
    const found = toSuspects(scores, 2).suspects.map(({ path }) => path);
    expect(found.sort()).toEqual([0, 1].map((i) => `narrow/train/good/odd-${i}.bmp`));
    const card = readFileSync(training.bundleFile(run, 'card.md'), 'utf8');
    expect(card).toMatch(
      /## Training images that stand out\n\n15 normal training images were scored/,
    );
    expect(card).toContain('| narrow/train/good/odd-0.bmp | narrow |');
  });

  it('refuses what the memory cannot hold before it computes anything', async () => {
    const huge = { batchSize: 256, widths: { 16: 2048, 32: 2048 }, layers: 12 };
    await expect(train({ preset: 'paper', settings: huge })).rejects.toThrow(
      expect.objectContaining({ field: 'preset', fix: expect.stringMatching(/batch/) }),
    );
  });

  it('stops when the loss leaves the numbers, says at which step, and goes on from the last good checkpoint', async () => {
    // The first level has one step, after which its weights are huge but finite; the second diverges.
    const steps = { 16: 1, 8: 60 };
    const diverging = { ...SMALL_RLR, learningRate: 1e30, steps };
    const id = await training.begin(settings({ maxSteps: 60, settings: diverging }));
    const fails = () =>
      expect(training.work(id)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        field: 'settings.learningRate',
        message: expect.stringMatching(/loss of level \w+ is no longer finite at step \d+/),
        fix: expect.stringContaining('last good checkpoint is kept'),
      });
    await fails();
    const path = join(training.home.work, 'checkpoints', id);
    const kept = await folderCheckpoints(path, { attempt: 1, data: MADE_UP_DATA }).load();
    expect(kept).toMatchObject({ step: 1, tensors: { [`finished/${kept?.stage}/losses`]: {} } });
    for (const values of Object.values(kept?.tensors ?? {}))
      expect(values.every(Number.isFinite)).toBe(true);
    await fails();
    const { points: losses } = await training.database.runs.losses(id);
    const levels = losses.map(({ level }) => level);
    expect(levels.filter((level) => level === levels[0])).toHaveLength(1);
    expect(new Set(levels).size).toBe(2);
  });

  it('refuses an image that has fewer pixels than the feature grid before it computes anything', async () => {
    await training.addDataset('specks', async (folder) => {
      await writeStripes(folder);
      writeFileSync(join(folder, 'narrow/train/good/7.bmp'), stripes(2, 70, false, 12));
    });
    await expect(train({ dataset: 'specks' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      file: 'narrow/train/good/7.bmp',
      message: expect.stringMatching(/12×12 pixels.* smaller than the 16×16 feature grid/),
      fix: expect.stringMatching(/at least 16 pixels/),
    });
  });
});
