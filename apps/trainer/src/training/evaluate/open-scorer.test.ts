/** @file What images are scored with, where a card agrees with the processor, differs from it, or has too little memory. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Executor, GraphSession, Sample } from '@plumbline/contracts';
import { openFolderBlobStore } from '@plumbline/data';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { byShape } from '../features/image-batches.ts';
import { measureLatency } from './measure-latency.ts';
import { type OpenScorerOptions, openScorer } from './open-scorer.ts';
import { type ScoredSample, scoreImages } from './score-images.ts';

const folder = mkdtempSync(join(tmpdir(), 'plumbline-scorer-'));
const blobs = openFolderBlobStore(folder);
const { signal } = new AbortController();
const samples: Sample[] = [];
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Eleven images, upright and wide in turn, each darker than the next. */
beforeAll(async () => {
  for (let index = 0; index < 11; index++) {
    const [width, height] = index % 3 === 2 ? [24, 8] : [8, 16];
    const data = new Uint8Array(width * height * 3).fill(10 * index + 5);
    const bytes = await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer();
    const sha256 = await blobs.put(bytes);
    samples.push({
      ...{ path: `${index}.png`, category: 'bolt', split: 'test', label: 'normal' },
      ...{ defectType: null, mask: null },
      image: { sha256, bytes: bytes.length, width, height, format: 'png' },
    });
  }
});

/** In place of a graph on hardware that is not here: the mean of the pixels as score, and as each pixel of the map. */
function meanSession(told: number[], { scale = 1, most = 1000 } = {}): GraphSession {
  return {
    inputNames: ['image'],
    outputNames: ['image_score', 'anomaly_map'],
    async run({ image }) {
      if (image === undefined) throw new Error('No image was given');
      const [count = 0] = image.shape;
      if (count > most) throw new Error('Out of memory\nand more');
      told.push(count);
      const size = image.data.length / count;
      const means = Array.from({ length: count }, (_, index) => {
        const own = (image.data as Uint8Array).subarray(index * size, (index + 1) * size);
        return (scale * own.reduce((sum, value) => sum + value, 0)) / size;
      });
      const map = means.flatMap((mean) => [mean, mean, mean, mean]);
      return {
        image_score: { dtype: 'float32', shape: [count], data: Float32Array.from(means) },
        anomaly_map: { dtype: 'float32', shape: [count, 2, 2], data: Float32Array.from(map) },
      };
    },
    release: async () => {},
  };
}

function executorOf(provider: string, load: () => GraphSession): Executor {
  const loadStateful = () => Promise.reject(new Error('Nothing is trained here'));
  return { provider, load: async () => load(), loadStateful };
}

/** What is opened with a card, and what the log says. */
async function open(card: () => GraphSession, change: Partial<OpenScorerOptions> = {}) {
  const lines: string[] = [];
  const served = meanSession([]);
  const scorer = await openScorer({
    ...{
      model: new Uint8Array(),
      served,
      samples,
      blobs,
      scoreBytes: 1e6,
      preprocessing: { imageSizePx: 64 },
      ignore: null,
    },
    serving: executorOf('cpu', () => served),
    executor: executorOf('cuda', card),
    log: async (line) => void lines.push(line),
    ...change,
  });
  return { scorer, lines, served };
}

it('takes the card where it gives what is served, with as many images as fit', async () => {
  const { scorer, lines } = await open(() => meanSession([], { most: 20 }));
  expect(scorer).toMatchObject({ provider: 'cuda', batchSize: 16 });
  expect(scorer.facts).toEqual({
    ...{ provider: 'cuda', batchSize: 16, images: 5 },
    ...{ imageScoreRelative: 0, anomalyMapRelative: 0 },
  });
  expect(lines).toEqual([]);
});

it('takes the processor where the card scores otherwise, or not at all, and says why', async () => {
  const other = await open(() => meanSession([], { scale: 1.001 }));
  expect(other.scorer).toMatchObject({ provider: 'cpu', batchSize: 4, session: other.served });
  expect(other.lines).toEqual([expect.stringMatching(/not on cuda: its scores differ .* 1\.0e-3/)]);
  const broken = await open(() => meanSession([], { most: 0 }));
  expect(broken.scorer).toMatchObject({ provider: 'cpu', batchSize: 4 });
  expect(broken.lines).toEqual([expect.stringMatching(/not on cuda: Out of memory\.$/)]);
  const nothing = await open(() => meanSession([], { scale: Number.NaN }));
  expect(nothing.scorer.provider).toBe('cpu');
});

it('takes one image at a time on the processor where a batch rounds too far off, or is too large', async () => {
  const executor = executorOf('cpu', () => meanSession([]));
  const large = await open(() => meanSession([]), { executor, scoreBytes: 900e6 });
  expect(large.scorer.batchSize).toBe(1);
  const off: GraphSession = {
    ...meanSession([]),
    run: (feeds) =>
      meanSession([], { scale: feeds['image']?.shape[0] === 1 ? 1 : 1.01 }).run(feeds),
  };
  const { scorer } = await open(() => off, { executor, served: off });
  expect(scorer).toMatchObject({ batchSize: 1, facts: { batchSize: 1, imageScoreRelative: 0 } });
});

it('scores images of one shape together, and gives each its own', async () => {
  const batches: number[] = [];
  const scorer = { session: meanSession(batches), provider: 'cpu', batchSize: 4, ignore: null };
  const scored: ScoredSample[] = [];
  for await (const one of scoreImages({ scorer, samples: byShape(samples), blobs, signal }))
    scored.push(one);
  expect(batches).toEqual([4, 4, 3]);
  expect(scored.map(({ sample }) => sample.path).sort()).toEqual(
    samples.map(({ path }) => path).sort(),
  );
  for (const { sample, imageScore, anomalyMap } of scored) {
    const own = 10 * Number.parseInt(sample.path, 10) + 5;
    expect(imageScore).toBe(own);
    expect([...anomalyMap]).toEqual([own, own, own, own]);
  }
});

it('times one image at a time after a warm-up, and says how many', async () => {
  const batches: number[] = [];
  const told: string[] = [];
  const onProgress = async (done: number, total: number) => void told.push(`${done}/${total}`);
  const session = meanSession(batches);
  const options = { session, ignore: null, samples, blobs, signal, onProgress };
  const { p50, p95, ...counts } = await measureLatency(options);
  expect(counts).toEqual({ images: 11, warmUp: 3 });
  expect(batches).toEqual(Array.from({ length: 14 }, () => 1));
  expect(p50).toBeGreaterThan(0);
  expect(p95).toBeGreaterThanOrEqual(p50 ?? 0);
  expect(told.at(-1)).toBe('14/14');
  const many = Array.from({ length: 400 }, (_, index) => samples[index % 11] as Sample);
  expect(await measureLatency({ ...options, samples: many })).toMatchObject({ images: 50 });
  expect(await measureLatency({ ...options, samples: [] })).toMatchObject({ p50: null, images: 0 });
});
