/** @file Evaluation counts the regions of masks that the resize would have lost, and finding them counts as right. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sample } from '@plumbline/contracts';
import { openFolderBlobStore } from '@plumbline/data';
import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import { type EvaluationProgress, evaluateModel } from './evaluate-model.ts';

const SIDE = 128;
const SIZE = 16;
const home = mkdtempSync(join(tmpdir(), 'plumbline-evaluate-'));
const blobs = openFolderBlobStore(home);
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Black, with one white square of `size` pixels at (64, 64): between the samples of an eighth of the size. */
async function picture(size: number): Promise<Sample['image']> {
  const data = new Uint8Array(SIDE * SIDE);
  for (let y = 64; y < 64 + size; y++) data.fill(255, y * SIDE + 64, y * SIDE + 64 + size);
  const bytes = await sharp(data, { raw: { width: SIDE, height: SIDE, channels: 1 } })
    .png()
    .toBuffer();
  const sha256 = await blobs.put(bytes);
  return { sha256, bytes: bytes.length, width: SIDE, height: SIDE, format: 'png' };
}

async function sample(path: string, split: Sample['split'], mask: number | null): Promise<Sample> {
  return {
    path,
    category: 'bolt',
    split,
    label: mask === null ? 'normal' : 'anomalous',
    defectType: mask === null ? null : 'dent',
    image: await picture(path.length),
    mask: mask === null ? null : await picture(mask),
  };
}

it('a defect smaller than the distance of the sampled pixels is found by a map that is high there', async () => {
  const samples = [
    await sample('train/good', 'train', null),
    await sample('test/good', 'test', null),
    await sample('test/tiny-dent', 'test', 3),
    await sample('test/a-large-dent', 'test', 20),
  ];
  const told: EvaluationProgress[] = [];
  const { evaluation, report, images } = await evaluateModel({
    ignore: null,
    scores: async function* (test) {
      // In any order within a category.
      for (const scored of [...test].reverse()) {
        const anomalyMap = new Float32Array(SIZE * SIZE);
        if (scored.label === 'anomalous') anomalyMap[8 * SIZE + 8] = 1;
        yield { sample: scored, imageScore: scored.mask === null ? 0 : 1, anomalyMap };
      }
    },
    blobs,
    samples,
    fittedOn: null,
    nearDuplicates: { sure: 0, likely: 0, pairs: [] },
    mapSize: { height: SIZE, width: SIZE },
    signal: new AbortController().signal,
    onProgress: async (done) => {
      told.push(done);
    },
  });
  expect(images.map(({ path }) => path)).toEqual([
    ...['test/a-large-dent', 'test/good', 'test/tiny-dent'],
  ]);
  // The metrics of a category take their time after its images.
  expect(told.at(-2)).toEqual({ images: 3, ofImages: 3, categories: 0 });
  expect(told.at(-1)).toEqual({ images: 3, ofImages: 3, categories: 1 });
  expect(report.keptRegions).toEqual({ regions: 1, images: 1 });
  // The only pixels above 0 are inside of both masks.
  expect(evaluation.categories['bolt']?.pixelAp).toBeGreaterThan(0.3);
  expect(report.checks.find(({ name }) => name === 'near-same-image-across-splits')?.status).toBe(
    'not checked',
  );
});
