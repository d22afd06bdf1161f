/** @file Ignore regions in the graph, run for real, against plain loops. */
import { type Executor, ignoreFeed, ignoreMasks } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, expect, it } from 'vitest';
import type { ImageScoreRule, MapRule } from '../methods/method.ts';
import { float32 } from '../onnx/tensor.ts';
import { runOnce } from '../onnx/testing/run-once.ts';
import { buildMapGraph } from './map-graph.ts';
import { enlarge, expectClose, scoreOf, smooth } from './testing/plain-maps.ts';

const SIDE = 40;
const REGIONS = [
  { category: 'bolt', polygons: [box(0, 0, 0.3, 1)] },
  { category: 'nut', polygons: [box(0.5, 0.5, 1, 1), box(0, 0, 0.1, 0.1)] },
];
const MASKS = ignoreMasks(REGIONS, { height: SIDE, width: SIDE });

let executor: Executor;
beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
});

function box(left: number, top: number, right: number, bottom: number): [number, number][] {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

/** The mean of counted pixels around each, and the smallest counted value where a pixel is ignored. */
function plain(map: readonly number[], ignored: Uint8Array, sigma: number) {
  const kept = Array.from(map, (_, i) => 1 - (ignored[i] ?? 0));
  const soft = (values: readonly number[]) => (sigma === 0 ? values : smooth(values, SIDE, sigma));
  const weights = soft(kept);
  const means = soft(map.map((value, i) => value * kept[i]!)).map((sum, i) => sum / weights[i]!);
  const shown = (values: readonly number[]) => {
    const least = Math.min(...values.filter((_, i) => kept[i] === 1));
    return values.map((value, i) => (kept[i] === 1 ? value : least));
  };
  return { map: shown(map), smoothed: shown(means) };
}

it.each([
  [false, 4, { kind: 'max' }],
  [true, 4, { kind: 'topShare', share: 0.01 }],
  [false, 0, { kind: 'pooledMax', side: 5 }],
] as const)('smoothed %s with σ %d, scored by %o', async (smoothed, sigma, imageScore) => {
  const rule: MapRule = {
    ...{ grids: [8], alignCorners: true, smoothed, sigma },
    imageScore: imageScore as ImageScoreRule,
  };
  // Below 0, too: what is ignored is not simply 0. The highest values lie in the regions.
  const scores = Float32Array.from({ length: 4 * 64 }, (_, i) =>
    (i % 64) % 8 < 2 || i % 64 > 50 ? 9 + Math.sin(i) : Math.sin(i * 12.9898) - 2,
  );
  const ignore = [0, 1, 2, 1];
  const model = buildMapGraph({ imageSizePx: SIDE, map: rule, ignore: MASKS });
  const feeds = { scores0: float32([4, 64], scores), ...ignoreFeed(ignore) };
  const result = await runOnce(executor, model, feeds);
  const data = (name: string) => result[name]?.data as Float32Array;
  for (const [n, number] of ignore.entries()) {
    const map = enlarge(scores.subarray(n * 64, (n + 1) * 64), 8, SIDE, true);
    const ignored = MASKS?.masks[number - 1] ?? new Uint8Array(SIDE ** 2);
    const expected = plain(map, ignored, sigma);
    const own = data('anomaly_map').subarray(n * SIDE ** 2, (n + 1) * SIDE ** 2);
    expectClose(own, smoothed ? expected.smoothed : expected.map, 1e-5);
    expect(data('image_score')[n]).toBeCloseTo(scoreOf(expected.smoothed, imageScore), 4);
  }
});

it('whatever lies in a region, score and map are the same', async () => {
  const rule: MapRule = { grids: [SIDE], alignCorners: true, smoothed: true };
  const model = buildMapGraph({ imageSizePx: SIDE, map: rule, ignore: MASKS });
  const quiet = Float32Array.from({ length: SIDE ** 2 }, (_, i) => Math.abs(Math.sin(i)));
  const loud = quiet.map((value, i) => (MASKS?.masks[0]?.[i] === 1 ? 1000 : value));
  const ran = async (scores: Float32Array, number: number) => {
    const feeds = { scores0: float32([1, SIDE ** 2], scores), ...ignoreFeed([number]) };
    return runOnce(executor, model, feeds);
  };
  expect(await ran(loud, 1)).toEqual(await ran(quiet, 1));
  const whole = await ran(loud, 0);
  expect(Number(whole['image_score']?.data[0])).toBeGreaterThan(500);
  await expect(ran(loud, 3)).rejects.toThrow();
});

it('without regions the graph is the one that it was: no further input', () => {
  const options = { imageSizePx: SIDE, map: { grids: [8], alignCorners: true, smoothed: false } };
  expect(buildMapGraph({ ...options, ignore: null })).toEqual(buildMapGraph(options));
});
