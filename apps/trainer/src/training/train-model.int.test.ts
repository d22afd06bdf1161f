import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stripes, writeStripes } from '../testing/striped-dataset.ts';
import { SMALL_RLR, startTestTraining, type TestTraining } from '../testing/test-training.ts';
import { checkpointFile } from './checkpoint-file.ts';

let training: TestTraining;

beforeAll(async () => {
  training = await startTestTraining();
  await training.addDataset('stripes', writeStripes);
});
afterAll(() => training?.stop());

function settings(change: Record<string, unknown> = {}) {
  return { dataset: 'stripes', seed: 5, maxSteps: 3, ...change };
}

async function train(change: Record<string, unknown> = {}) {
  return training.train(settings(change));
}

describe('a training run', () => {
  it('gives the same bundle for the same seed, another for another', async () => {
    const runs = [await train(), await train(), await train({ seed: 6 })];
    const { models } = training.database;
    const versions = await Promise.all(
      runs.map((run) => models.get(run.model, run.modelVersion ?? 0)),
    );
    const [first, second, other] = versions.map(({ bundleHash }) => bundleHash);
    expect(second).toBe(first);
    expect(other).not.toBe(first);
    const files = (run: { id: string }) =>
      ['model.onnx', 'card.md'].map((name) =>
        readFileSync(join(training.home.bundles, run.id, name)),
      );
    expect(files(runs[0]!)).toEqual(files(runs[1]!));
  });

  it('trains a category with three images, says that they are few and that it enlarges them', async () => {
    const run = await train({ model: 'few' });
    const { manifest } = await training.database.models.get('few', 1);
    expect(manifest.thresholds?.categories['wide']?.heldOutScores).toHaveLength(1);
    expect(manifest.graph?.input.minSidePx).toBe(16);
    const logs = await training.database.runs.logs(run.id);
    const warnings = logs.filter(({ severity }) => severity === 'warning');
    expect(warnings.map(({ text }) => text)).toEqual([
      expect.stringMatching(/wide has only 3/),
      expect.stringMatching(/^13 .*128×128.*\(48×48\).* are enlarged/),
    ]);
  });

  it('refuses what the memory cannot hold before it computes anything', async () => {
    const huge = { batchSize: 256, widths: { 16: 2048, 32: 2048 }, layers: 12 };
    await expect(train({ preset: 'paper', rlr: huge })).rejects.toThrow(
      expect.objectContaining({ field: 'preset', fix: expect.stringMatching(/batch/) }),
    );
  });

  it('stops when the loss leaves the numbers, says at which step, and goes on from the last good checkpoint', async () => {
    // The first level has one step, after which its weights are huge but finite; the second diverges.
    const steps = { 16: 1, 8: 60 };
    const rlr = { ...SMALL_RLR, learningRate: 1e30, steps };
    const id = await training.begin(settings({ maxSteps: 60, rlr }));
    const fails = () =>
      expect(training.work(id)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        field: 'rlr.learningRate',
        message: expect.stringMatching(/loss of level \w+ left the finite numbers at step \d+/),
        fix: expect.stringContaining('last good checkpoint is kept'),
      });
    await fails();
    const kept = await checkpointFile(join(training.home.work, 'checkpoints', id)).load();
    expect(kept).toMatchObject({ level: 0, step: 1 });
    expect(kept?.weights.every(Number.isFinite)).toBe(true);
    await fails();
    const losses = await training.database.runs.losses(id);
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
