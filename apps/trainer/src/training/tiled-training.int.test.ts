/** @file Tiles from settings to bundle: small defects of large pictures are found, by every method that can, and elsewhere too. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { mapSize, type TrainedVersion } from '@plumbline/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePits } from '../testing/pits-dataset.ts';
import { writeStripes } from '../testing/striped-dataset.ts';
import { SMALL_RLR, startTestTraining, type TestTraining } from '../testing/test-training.ts';

const TILES = { tileRows: 3, tileColumns: 4 };
const SMALL_UNIAD = {
  imageSizePx: 64,
  neighborMask: 3,
  width: 16,
  heads: 2,
  hidden: 16,
  layers: 1,
};
let training: TestTraining;

beforeAll(async () => {
  training = await startTestTraining();
  await training.addDataset('pits', writePits);
  await training.addDataset('stripes', writeStripes);
});
afterAll(() => training?.stop());

async function train(input: Record<string, unknown>) {
  const run = await training.train(input);
  const version = await training.database.models.get(run.model, run.modelVersion ?? 0);
  const logs = await training.database.runs.logs(run.id);
  return {
    run,
    manifest: (version as TrainedVersion).manifest,
    logs: logs.map(({ text }) => text),
  };
}

describe('PatchCore on large plates with pits of three pixels', () => {
  const input = { dataset: 'pits', method: 'patchcore' };

  it('misses them in the whole image, and finds them in tiles', async () => {
    const whole = await train({ ...input, model: 'whole', settings: {} });
    expect(whole.manifest.mean.imageAuroc).toBeLessThan(0.8);
    const { run, manifest, logs } = await train({ ...input, model: 'tiled', settings: TILES });
    expect(manifest.mean.imageAuroc).toBe(1);
    const size = mapSize({ imageSizePx: 128, tiles: { rows: 3, columns: 4, overlapPx: 16 } });
    expect(manifest.graph.anomalyMap).toEqual({ name: 'anomaly_map', ...size });
    expect(manifest.protocol).toMatchObject({
      name: 'plumbline-128-3x4',
      tiles: '3 × 4 tiles of 128 px that share 16 px; images, maps and masks of 352 × 464 px',
    });
    expect(manifest.coverage?.[0]).toMatchObject({ images: 48, views: 12 });
    expect(logs.join('\n')).toContain('48 pictures (12 of each) of 4 training images');
    expect(readFileSync(training.bundleFile(run, 'card.md'), 'utf8')).toContain('3 × 4 tiles');
    await expectSameElsewhere(training.bundleFile(run, 'model.onnx'));
  });
});

/** A process that loads onnxruntime and nothing of ours tells plates with pits from those without. */
async function expectSameElsewhere(model: string): Promise<void> {
  const plates = ['good', 'pit'].flatMap((kind) =>
    [0, 1, 2].map((i) => `${training.home.root}/sources/pits/plate/test/${kind}/${i}.bmp`),
  );
  const script = new URL('../testing/score-bitmaps.mjs', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [script, model, ...plates]);
  const scores = JSON.parse(stdout) as number[];
  expect(Math.min(...scores.slice(3))).toBeGreaterThan(Math.max(...scores.slice(0, 3)));
}

describe('tiles and turned pictures of other methods', () => {
  it.each([
    ['padim', { tileRows: 1, tileColumns: 2, imageSizePx: 64 }, { anomalyMap: [64, 120] }],
    ['rlr', { ...SMALL_RLR, tileRows: 2 }, { anomalyMap: [240, 128] }],
    ['cflow', { tileRows: 2, imageSizePx: 64, blocks: 1 }, { anomalyMap: [120, 64] }],
    ['stfpm', { tileColumns: 2, imageSizePx: 64 }, { anomalyMap: [64, 120] }],
    ['uniad', { tileRows: 2, ...SMALL_UNIAD }, { anomalyMap: [120, 64] }],
    ['rd4ad', { tileRows: 2, imageSizePx: 64 }, { anomalyMap: [120, 64] }],
    ['rdpp', { tileRows: 2, imageSizePx: 64 }, { anomalyMap: [120, 64] }],
    ['fod', { tileRows: 2, imageSizePx: 64, heads: 1 }, { anomalyMap: [120, 64] }],
    ['invad', { tileRows: 2, imageSizePx: 64 }, { anomalyMap: [120, 64] }],
    ['dinomaly', { tileRows: 2, imageSizePx: 64, layers: 1 }, { anomalyMap: [120, 64] }],
    ['inpformer', { tileRows: 2, imageSizePx: 64, layers: 1 }, { anomalyMap: [120, 64] }],
    ['draem', { tileRows: 2, imageSizePx: 64, width: 4 }, { anomalyMap: [120, 64] }],
    ['diffusionad', { tileRows: 2, imageSizePx: 64, width: 8 }, { anomalyMap: [120, 64] }],
    ['pyramidflow', { tileRows: 2, imageSizePx: 64 }, { anomalyMap: [120, 64] }],
    ['retrieval', { tileRows: 2, rotations: 4, imageSizePx: 64 }, { anomalyMap: [120, 64] }],
  ] as const)('%s trains, exports and evaluates', async (method, settings, expected) => {
    const { manifest } = await train({
      ...{ dataset: 'stripes', method, model: `${method}-tiles`, settings, maxSteps: 1 },
    });
    const { height, width } = manifest.graph.anomalyMap;
    expect([height, width]).toEqual(expected.anomalyMap);
    expect(manifest.parity.anomalyMapRelative).toBeLessThan(1e-4);
    expect(manifest.categoryBank?.testAccuracy).toBe(1);
    expect(Object.keys(manifest.thresholds.categories).sort()).toEqual(['narrow', 'wide']);
  });
});
