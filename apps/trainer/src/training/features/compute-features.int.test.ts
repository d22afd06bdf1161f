/** @file Features of real images by a real backbone: the same halves whatever the batch, and whoever rounds them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Executor, IMAGENET_COLORS, type Sample } from '@plumbline/contracts';
import { generateSampleDataset, importDataset, openFolderBlobStore } from '@plumbline/data';
import { type Backbone, buildFeatureGraph, openBackbone } from '@plumbline/model';
import { createExecutor } from '@plumbline/runtime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { computeFeatures } from './compute-features.ts';

let folder: string;
let samples: readonly Sample[];
let executor: Executor;
let backbone: Backbone;
const { signal } = new AbortController();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-compute-'));
  await generateSampleDataset({ directory: join(folder, 'sample'), seed: 0, signal });
  const blobs = openFolderBlobStore(join(folder, 'blobs'));
  const { manifest } = await importDataset({ source: join(folder, 'sample'), blobs });
  samples = manifest.samples.slice(0, 19);
  executor = await createExecutor();
  backbone = await openBackbone({ backbone: 'standard', executor });
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Halves of all images, level after level, and the sizes of the batches. */
async function halvesOf(dtype: 'float16' | 'float32', some: readonly Sample[]) {
  const preprocessing = { imageSizePx: 128, ...IMAGENET_COLORS };
  const graph = buildFeatureGraph({ backbone, preprocessing, averagePool: false, dtype });
  const session = await executor.load(graph);
  const batches: number[] = [];
  const levels = backbone.featureTaps.map((): number[] => []);
  const computed = computeFeatures({
    ...{ samples: some, levels, session, signal, provider: executor.provider },
    blobs: openFolderBlobStore(join(folder, 'blobs')),
  });
  for await (const { samples: batch, halves } of computed) {
    batches.push(batch.length);
    for (const [level, values] of halves.entries())
      for (const half of values) levels[level]?.push(half);
  }
  await session.release();
  return { batches, levels };
}

it('rounds in the graph as outside of it, and gives an image the same in any batch', async () => {
  const inGraph = await halvesOf('float16', samples);
  expect(inGraph.batches).toEqual([8, 8, 3]);
  expect(new Set(inGraph.levels[0]).size).toBeGreaterThan(1000);
  expect(await halvesOf('float32', samples)).toEqual(inGraph);
  for (const [index, sample] of samples.slice(0, 5).entries()) {
    const alone = await halvesOf('float16', [sample]);
    for (const [level, values] of alone.levels.entries()) {
      const batched = inGraph.levels[level]?.slice(
        index * values.length,
        (index + 1) * values.length,
      );
      expect(values).toEqual(batched);
    }
  }
});
