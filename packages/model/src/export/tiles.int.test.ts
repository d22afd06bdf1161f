/** @file Tiles in graphs, run for real: what each sees, how their maps become one, and that nothing is lost at seams. */
import { type Executor, IMAGENET_COLORS, mapSize, type TensorMap } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Backbone } from '../backbones/backbone.ts';
import { openEmbeddedBackbone } from '../backbones/embedded-backbone.ts';
import type { MapRule } from '../methods/method.ts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { float32, int64 } from '../onnx/tensor.ts';
import { runOnce } from '../onnx/testing/run-once.ts';
import { blendingWeights } from './blend-tiles.ts';
import { buildDescriptorGraph, descriptorSize } from './category-descriptor.ts';
import { buildFeatureGraph } from './feature-graph.ts';
import { buildMapGraph } from './map-graph.ts';
import { buildScoringGraph } from './scoring-graph.ts';

const SIZE = 32;
const TILES = { rows: 2, columns: 3, overlapPx: 8 };
const PREPROCESSING = { imageSizePx: SIZE, ...IMAGENET_COLORS, tiles: TILES };
const { height: HEIGHT, width: WIDTH } = mapSize(PREPROCESSING);
const GRIDS = [4, 2];
const CHANNELS = [64, 128];
const MAP: MapRule = { grids: GRIDS, alignCorners: false, smoothed: false };

let executor: Executor;
let backbone: Backbone;
beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
  backbone = await openEmbeddedBackbone('compact');
});

const run = (model: Uint8Array, feeds: TensorMap) => runOnce(executor, model, feeds);

const floats = (result: TensorMap, name: string) => result[name]?.data as Float32Array;

/** uint8 `[batch, height, width, 3]`. */
function pictures(batch: number, height: number, width: number): Uint8Array {
  return Uint8Array.from(
    { length: batch * height * width * 3 },
    (_, i) => 128 + 100 * Math.sin(i * 0.37 + Math.floor(i / 5000)),
  );
}

const feed = (data: Uint8Array, height: number, width: number): TensorMap => ({
  image: { dtype: 'uint8', shape: [data.length / (height * width * 3), height, width, 3], data },
});

/** Pixel by pixel what `of` says is there. */
function picture(side: number, of: (y: number, x: number) => readonly number[]): Uint8Array {
  return Uint8Array.from(
    Array.from({ length: side ** 2 }, (_, i) => of(Math.floor(i / side), i % side)).flat(),
  );
}

/** The mean over channels, plus a place's number where all tiles come together; or a constant. */
function method(kind: 'mean' | 'together' | 'constant'): Uint8Array {
  const builder = new GraphBuilder('method');
  for (const [level, channels] of CHANNELS.entries()) {
    const places = (GRIDS[level] as number) ** 2;
    const tokens = builder.input(`tokens${level}`, 'float32', ['N', places, channels]);
    const mean = builder.op('ReduceMean', [tokens, builder.constant(int64([2]))], {
      keepdims: { i: 0 },
    });
    const scaled = builder.op('Mul', [
      mean,
      builder.constant(float32([], [kind === 'constant' ? 0 : 1])),
    ]);
    const tiles = kind === 'together' ? TILES.rows * TILES.columns : 1;
    const added = Array.from({ length: tiles * places }, (_, i) =>
      kind === 'constant' ? 3 : kind === 'together' ? Math.floor(i / places) : 0,
    );
    const apart = builder.op('Reshape', [scaled, builder.constant(int64([-1, tiles * places]))]);
    const sum = builder.op('Add', [apart, builder.constant(float32([1, tiles * places], added))]);
    builder.node('Reshape', [sum, builder.constant(int64([-1, places]))], {}, [`scores${level}`]);
    builder.output(`scores${level}`, 'float32', ['N', places]);
  }
  return builder.build();
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, within = 1e-5): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++)
    if (!(Math.abs(actual[i]! - expected[i]!) <= within))
      expect.fail(`number ${i}: ${actual[i]} instead of ${expected[i]}`);
}

/** Bilinear, pixel edges aligned, value at one pixel. */
function enlargedAt(values: ArrayLike<number>, grid: number, [y, x]: readonly [number, number]) {
  const place = (i: number) => Math.min(grid - 1, Math.max(0, ((i + 0.5) * grid) / SIZE - 0.5));
  const [top, left] = [Math.floor(place(y)), Math.floor(place(x))];
  const at = (r: number, c: number) =>
    values[Math.min(grid - 1, r) * grid + Math.min(grid - 1, c)] as number;
  const [dy, dx] = [place(y) - top, place(x) - left];
  return (
    (1 - dy) * ((1 - dx) * at(top, left) + dx * at(top, left + 1)) +
    dy * ((1 - dx) * at(top + 1, left) + dx * at(top + 1, left + 1))
  );
}

describe('blending', () => {
  it.each([
    [1, 0],
    [3, 8],
    [2, 16],
    [4, 1],
  ])(
    'gives every pixel of %i tiles that share %i px weights that sum to one',
    (count, overlapPx) => {
      const sums = new Float64Array(SIZE + (count - 1) * (SIZE - overlapPx));
      for (let place = 0; place < count; place++) {
        const weights = blendingWeights(place, { count, sizePx: SIZE, overlapPx });
        for (const [i, weight] of weights.entries()) {
          expect(weight).toBeGreaterThan(0);
          sums[place * (SIZE - overlapPx) + i]! += weight;
        }
      }
      for (const sum of sums) expect(sum).toBeCloseTo(1, 12);
    },
  );

  it('fades from one tile into the next, and leaves the rest as it is', async () => {
    const map: MapRule = { grids: [1], alignCorners: false, smoothed: false, sigma: 0 };
    const graph = buildMapGraph({ imageSizePx: SIZE, tiles: TILES, map });
    const scores0 = float32([12, 1], [1, 2, 3, 4, 5, 6, 7, 7, 7, 7, 7, 9].map(Number));
    const result = await run(graph, { scores0 });
    expect(result['anomaly_map']?.shape).toEqual([2, HEIGHT, WIDTH]);
    const at = (image: number, y: number, x: number) =>
      floats(result, 'anomaly_map')[(image * HEIGHT + y) * WIDTH + x];
    expect([at(0, 0, 0), at(0, 0, 40), at(0, 0, WIDTH - 1), at(0, HEIGHT - 1, 0)]).toEqual([
      ...[1, 2, 3, 4],
    ]);
    // The first of eight shared pixels is 15/16 of the left tile.
    expect(at(0, 0, 24)).toBeCloseTo(1 + 1 / 16, 6);
    expect(at(0, 24, 24)).toBeCloseTo(1 + 1 / 16 + 3 / 16, 6);
    expect([...floats(result, 'image_score')]).toEqual([6, 9]);
  });
});

describe('the scoring graph with tiles', () => {
  const options = () => ({
    backbone,
    averagePool: false,
    map: MAP,
    methodInputs: 'tokens' as const,
  });

  it('gives the same map as without tiles where the method gives one number', async () => {
    const feeds = feed(pictures(2, 70, 101), 70, 101);
    const methodGraph = method('constant');
    const tiled = await run(
      buildScoringGraph({
        ...{ ...options(), methodGraph, preprocessing: PREPROCESSING, categoryDescriptor: false },
      }),
      feeds,
    );
    const { tiles: _, ...whole } = PREPROCESSING;
    const untiled = await run(
      buildScoringGraph({
        ...{ ...options(), methodGraph, preprocessing: whole, categoryDescriptor: false },
      }),
      feeds,
    );
    expect(tiled['anomaly_map']?.shape).toEqual([2, HEIGHT, WIDTH]);
    expect(new Set(floats(untiled, 'anomaly_map'))).toEqual(new Set([3]));
    for (const value of floats(tiled, 'anomaly_map')) expect(value).toBeCloseTo(3, 6);
    expectClose(floats(tiled, 'image_score'), floats(untiled, 'image_score'));
  });

  it.each([
    ['mean', false],
    ['together', true],
  ] as const)('makes one map of what the method (%s) gives each tile', async (kind, together) => {
    const feeds = feed(pictures(2, 70, 101), 70, 101);
    const result = await run(
      buildScoringGraph({
        ...{ ...options(), methodGraph: method(kind), preprocessing: PREPROCESSING },
        ...{ tilesTogether: together, categoryDescriptor: true },
      }),
      feeds,
    );
    const features = await run(
      buildFeatureGraph({ backbone, averagePool: false, preprocessing: PREPROCESSING }),
      feeds,
    );
    const count = TILES.rows * TILES.columns;
    const maps = Array.from({ length: 2 * count }, (_, tile) =>
      GRIDS.map((grid, level) =>
        Array.from({ length: grid ** 2 }, (_, place) => {
          const channels = CHANNELS[level] as number;
          const start = (tile * grid ** 2 + place) * channels;
          const own = floats(features, `tokens${level}`).subarray(start, start + channels);
          const mean = own.reduce((sum, value) => sum + value, 0) / channels;
          return mean + (together ? tile % count : 0);
        }),
      ),
    );
    const step = SIZE - TILES.overlapPx;
    const ramps = (tiles: number, place: number) =>
      blendingWeights(place, { count: tiles, sizePx: SIZE, overlapPx: TILES.overlapPx });
    const expected = new Float64Array(2 * HEIGHT * WIDTH);
    for (const [index, levels] of maps.entries()) {
      const [image, tile] = [Math.floor(index / count), index % count];
      const [row, column] = [Math.floor(tile / TILES.columns), tile % TILES.columns];
      const [down, across] = [ramps(TILES.rows, row), ramps(TILES.columns, column)];
      for (let y = 0; y < SIZE; y++)
        for (let x = 0; x < SIZE; x++) {
          const both = levels.map((grid, level) =>
            enlargedAt(grid, GRIDS[level] as number, [y, x]),
          );
          const at = (image * HEIGHT + row * step + y) * WIDTH + column * step + x;
          expected[at]! += (down[y]! * across[x]! * (both[0]! + both[1]!)) / 2;
        }
    }
    expectClose(floats(result, 'anomaly_map'), expected);
    const described = await run(
      buildDescriptorGraph({ backbone, preprocessing: PREPROCESSING }),
      feeds,
    );
    const size = descriptorSize({ backbone, preprocessing: PREPROCESSING });
    expect(result['category_descriptor']?.shape).toEqual([2, size]);
    expect(size).toBe(4 * (64 + 128));
    expectClose(floats(result, 'category_descriptor'), floats(described, 'category_descriptor'));
  });
});

describe('features', () => {
  it('of a tile are those of the picture that is cut out there', async () => {
    const data = pictures(1, HEIGHT, WIDTH);
    const tiled = await run(
      buildFeatureGraph({ backbone, averagePool: true, preprocessing: PREPROCESSING }),
      feed(data, HEIGHT, WIDTH),
    );
    expect(tiled['tokens0']?.shape).toEqual([6, 16, 64]);
    const { tiles: _, ...whole } = PREPROCESSING;
    const graph = buildFeatureGraph({ backbone, averagePool: true, preprocessing: whole });
    for (const tile of [0, 2, 4]) {
      const [top, left] = [24 * Math.floor(tile / 3), 24 * (tile % 3)];
      const cut = picture(SIZE, (y, x) => {
        const at = ((top + y) * WIDTH + left + x) * 3;
        return [...data.subarray(at, at + 3)];
      });
      const alone = await run(graph, feed(cut, SIZE, SIZE));
      expectClose(
        floats(tiled, 'tokens0').subarray(tile * 16 * 64, (tile + 1) * 16 * 64),
        floats(alone, 'tokens0'),
      );
    }
  });

  it('of turned pictures are those of the picture turned', async () => {
    const { tiles: _, ...preprocessing } = PREPROCESSING;
    const data = pictures(1, SIZE, SIZE);
    const options = { backbone, averagePool: false, preprocessing };
    const turned = await run(
      buildFeatureGraph({ ...options, rotations: 4 }),
      feed(data, SIZE, SIZE),
    );
    expect(turned['tokens1']?.shape).toEqual([4, 4, 128]);
    const from = (y: number, x: number) =>
      data.subarray((y * SIZE + x) * 3, (y * SIZE + x) * 3 + 3);
    const last = SIZE - 1;
    const views = [
      (y: number, x: number) => from(y, x),
      (y: number, x: number) => from(x, last - y),
      (y: number, x: number) => from(last - y, last - x),
      (y: number, x: number) => from(last - x, y),
    ];
    const graph = buildFeatureGraph(options);
    for (const [view, of] of views.entries()) {
      const alone = await run(
        graph,
        feed(
          picture(SIZE, (y, x) => [...of(y, x)]),
          SIZE,
          SIZE,
        ),
      );
      expectClose(
        floats(turned, 'tokens1').subarray(view * 512, (view + 1) * 512),
        floats(alone, 'tokens1'),
      );
    }
  });
});
