/** @file Whole runs: another seed or method computes no features, and where there is no room a method that reads in order needs none. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeStripes } from '../../testing/striped-dataset.ts';
import { SMALL_RLR, startTestTraining, type TestTraining } from '../../testing/test-training.ts';

let training: TestTraining;
beforeAll(async () => {
  training = await startTestTraining();
  await training.addDataset('stripes', writeStripes);
});
afterAll(() => training?.stop());

const FEW_BYTES = 1000;

function settings(method: string, seed: number) {
  const own = method === 'rlr' ? SMALL_RLR : undefined;
  return { dataset: 'stripes', model: method, maxSteps: 3, settings: own, method, seed };
}

async function bundleHash(method: string, version: number) {
  return (await training.database.models.get(method, version)).bundleHash;
}

async function shards() {
  const all = await readdir(join(training.home.cache, 'features'), { recursive: true });
  return all.filter((name) => name.endsWith('.shard')).sort();
}

it('rlr, which reads again and again, is refused without room', async () => {
  const id = await training.begin(settings('rlr', 0));
  await expect(training.work(id, { featureCacheBytes: FEW_BYTES })).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    fix: expect.stringContaining('PLUMBLINE_FEATURE_CACHE_GB'),
  });
});

it.each(['padim', 'patchcore'])(
  '%s gives the same bundle without room for features, and says that it has none',
  async (method) => {
    await rm(join(training.home.cache, 'features'), { recursive: true, force: true });
    const id = await training.begin(settings(method, 0));
    expect((await training.work(id, { featureCacheBytes: FEW_BYTES })).status).toBe('succeeded');
    const texts = (await training.database.runs.logs(id)).map(({ text }) => text);
    expect(texts).toContainEqual(expect.stringMatching(/They are computed as they are read/));
    // Their time is that of the parts that read them, in what later estimates rest on too.
    const kept = (await training.database.timings.list(['test'])).filter(
      ({ runId }) => runId === id,
    );
    expect(kept.filter(({ key }) => key.startsWith('features/'))).toEqual([]);
    expect(kept.filter(({ key }) => key.includes('/streamed/features/'))).toHaveLength(2);
    await training.train(settings(method, 0));
    expect(await bundleHash(method, 2)).toBe(await bundleHash(method, 1));
  },
);

it('another method, which pools them otherwise, and another seed, which holds out other images, compute none', async () => {
  const kept = await shards();
  expect(kept).not.toEqual([]);
  const { id: first } = await training.train(settings('rlr', 0));
  const { id: second } = await training.train(settings('rlr', 1));
  expect(await shards()).toEqual(kept);
  const timings = await training.database.timings.list(['test']);
  for (const id of [first, second]) {
    const parts = timings.filter(({ runId }) => runId === id).map(({ key }) => key.split('/')[0]);
    expect(parts).toContain('rlr');
    expect(parts).not.toContain('features');
  }
});
