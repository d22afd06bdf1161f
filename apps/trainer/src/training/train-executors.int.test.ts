/** @file Whole runs, from images to the bundle, on the executors that are not the processor's: they give the processor's model. */
import { readFileSync } from 'node:fs';
import type { ExecutorSetting } from '@plumbline/contracts';
import { createExecutor, probeProvider } from '@plumbline/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeStripes } from '../testing/striped-dataset.ts';
import { startTestTraining, type TestTraining } from '../testing/test-training.ts';

/** Of losses and image scores, relative. */
const TOLERANCE = 1e-4;
const SETTINGS = {
  dataset: 'stripes',
  maxSteps: 2,
  settings: { layers: 1, widths: { 8: 32 }, strides: [16] },
};

let training: TestTraining;
let expected: Trained;

beforeAll(async () => {
  training = await startTestTraining();
  await training.addDataset('stripes', writeStripes);
  expected = await trainOn('cpu');
});
afterAll(() => training?.stop());

type Trained = Awaited<ReturnType<typeof trainOn>>;

async function trainOn(setting: ExecutorSetting) {
  const { database } = training;
  const run = await training.train({ ...SETTINGS, model: setting }, { executor: setting });
  const { manifest } = await database.models.get(setting, run.modelVersion ?? 0);
  const file = training.bundleFile(run, 'manifest.json');
  return {
    manifest,
    published: JSON.parse(readFileSync(file, 'utf8')) as { executor: unknown },
    images: await database.models.images(setting, run.modelVersion ?? 0),
    losses: (await database.runs.losses(run.id)).points.map(({ loss }) => loss),
    log: (await database.runs.logs(run.id)).map(({ text }) => text),
    model: readFileSync(training.bundleFile(run, 'model.onnx')),
  };
}

function expectLikeProcessor({ images, losses, manifest }: Trained): void {
  const relative = (value: number | undefined, wanted: number) =>
    Math.abs((value ?? Number.NaN) / wanted - 1);
  expect(losses).toHaveLength(SETTINGS.maxSteps);
  for (const [step, loss] of expected.losses.entries())
    expect(relative(losses[step], loss), `loss of step ${step + 1}`).toBeLessThan(TOLERANCE);
  expect(images).toHaveLength(8);
  const scores = new Map(images.map(({ path, imageScore }) => [path, imageScore]));
  for (const { path, imageScore } of expected.images)
    expect(relative(scores.get(path), imageScore), path).toBeLessThan(TOLERANCE);
  expect(manifest.mean.pixelAuroc).toBeNull(); // no masks
}

/** The graph alone, as anybody would run it. */
async function expectAnswer(model: Uint8Array): Promise<void> {
  const session = await (await createExecutor({ threads: 1 })).load(model);
  const data = Uint8Array.from({ length: 2 * 50 * 30 * 3 }, (_, i) => i % 251);
  const { image_score: score, anomaly_map: map } = await session.run({
    image: { dtype: 'uint8', shape: [2, 50, 30, 3], data },
  });
  await session.release();
  expect(score?.shape).toEqual([2]);
  expect(map?.shape).toEqual([2, 128, 128]);
  const values = [score, map].flatMap((value) => Array.from(value?.data ?? [], Number));
  expect(values).toHaveLength(2 + 2 * 128 ** 2);
  expect(values.every((value) => value > 0)).toBe(true);
}

const webgpu = await probeProvider('webgpu');
const adapter = webgpu.software ? 'a software adapter' : 'the GPU';

describe('a run from images to the bundle', () => {
  it("on tfjs, TensorFlow.js' CPU backend, gives the processor's model and says what computed it", async () => {
    const trained = await trainOn('tfjs-cpu');
    const choice = { setting: 'tfjs-cpu', executor: 'tfjs', provider: 'tfjs-cpu' };
    expect(trained.manifest).toMatchObject({ executor: choice });
    expect(trained.published.executor).toMatchObject(choice);
    expect(trained.log).toContainEqual(
      expect.stringMatching(/^Training with the executor tfjs on tfjs-cpu/),
    );
    expectLikeProcessor(trained);
    await expectAnswer(trained.model);
  });

  it.skipIf(!webgpu.ok)(
    webgpu.ok
      ? `on webgpu, ${adapter}, gives the processor's model and says what computed it`
      : `on webgpu gives the processor's model (skipped: no adapter works here: ${webgpu.reason})`,
    async () => {
      const trained = await trainOn('webgpu');
      const choice = { setting: 'webgpu', executor: 'onnx', provider: 'webgpu' };
      expect(trained.manifest).toMatchObject({ executor: choice });
      expect(trained.published.executor).toMatchObject(choice);
      expectLikeProcessor(trained);
      await expectAnswer(trained.model);
    },
  );
});
