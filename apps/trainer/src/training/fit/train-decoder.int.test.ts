/** @file A run with a decoder on the sample dataset, from images to the bundle. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isTrained, type ModelVersion } from '@plumbline/contracts';
import { generateSampleDataset } from '@plumbline/data';
import { createExecutor } from '@plumbline/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SMALL_RLR, startTestTraining, type TestTraining } from '../../testing/test-training.ts';

let training: TestTraining;

/** Two categories and a few images of each: enough, and quick. */
async function writeSource(source: string): Promise<void> {
  await generateSampleDataset({ directory: source, seed: 0 });
  for (const category of readdirSync(source)) {
    const folder = join(source, category);
    if (!['badge', 'mesh'].includes(category)) rmSync(folder, { recursive: true });
    else
      for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
        if (
          /train.good.0(0[6-9]|[1-9]\d)\.png$|(test|ground_truth).*00[1-9](_mask)?\.png$/.test(path)
        )
          rmSync(join(folder, path));
  }
}

beforeAll(async () => {
  training = await startTestTraining();
  await training.addDataset('sample', writeSource);
});
afterAll(() => training?.stop());

/** What it reads is hardly trained: how the decoder learns is what counts. */
const SETTINGS = { ...SMALL_RLR, steps: { 16: 2, 8: 2 } };

async function train(change: Record<string, unknown>): Promise<ModelVersion> {
  const run = await training.train({
    ...{ dataset: 'sample', maxSteps: 40, settings: SETTINGS },
    ...change,
  });
  return training.database.models.get(run.model, run.modelVersion ?? 0);
}

describe('a run with a decoder', () => {
  it('learns, puts a checked normal.onnx into the bundle, the same for the same seed, and leaves the model as it is', async () => {
    const version = await train({ decoder: true });
    if (!isTrained(version)) throw new Error('It was trained here.');
    const { decoder, files, lineage } = version.manifest;
    expect(decoder).toMatchObject({ output: { height: 64, width: 64 }, steps: 40 });
    expect(decoder?.parityLevels).toBeLessThanOrEqual(1);
    const losses = (await training.database.runs.losses(lineage.run)).points.filter(
      ({ level }) => level === 'decoder',
    );
    expect(losses).toHaveLength(40);
    expect(decoder?.loss).toBeLessThan((losses[0]?.loss ?? 0) * 0.9);

    const graph = readFileSync(
      training.bundleFile({ id: lineage.run, attempts: 1 }, 'normal.onnx'),
    );
    const sha256 = createHash('sha256').update(graph).digest('hex');
    expect(files).toContainEqual({ name: 'normal.onnx', sha256, bytes: graph.byteLength });
    const session = await (await createExecutor({ threads: 1 })).load(graph);
    const data = new Uint8Array(2 * 40 * 70 * 3).fill(120);
    const { normal } = await session.run({
      image: { dtype: 'uint8', shape: [2, 40, 70, 3], data },
    });
    await session.release();
    expect(normal).toMatchObject({ dtype: 'uint8', shape: [2, 64, 64, 3] });

    expect((await train({ decoder: true })).bundleHash).toBe(version.bundleHash);
    const without = await train({});
    const hashOf = (one: ModelVersion, name: string) =>
      one.manifest.files.find((file) => file.name === name)?.sha256;
    expect(hashOf(without, 'model.onnx')).toBe(hashOf(version, 'model.onnx'));
    expect(hashOf(without, 'normal.onnx')).toBeUndefined();
    expect(without.manifest).not.toHaveProperty('decoder');
  });

  it('is refused at once for a method that reconstructs nothing', async () => {
    await expect(
      train({ decoder: true, method: 'padim', settings: undefined }),
    ).rejects.toMatchObject({
      issues: [expect.objectContaining({ path: ['decoder'] })],
    });
  });
});
