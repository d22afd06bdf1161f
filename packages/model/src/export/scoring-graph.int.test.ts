/** @file Feature and scoring graphs, run for real, against plain loops, SciPy and the released network's maps. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type Executor, IMAGENET_COLORS, type TensorMap } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Backbone } from '../backbones/backbone.ts';
import { openEmbeddedBackbone } from '../backbones/embedded-backbone.ts';
import { readSafetensors } from '../backbones/safetensors.ts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { float32, int64 } from '../onnx/tensor.ts';
import { runOnce } from '../onnx/testing/run-once.ts';
import { averageNeighbors } from './average-neighbors.ts';
import { buildFeatureGraph } from './feature-graph.ts';
import { addMapAndScore, buildScoringGraph, type MapOptions } from './scoring-graph.ts';
import { enlarge, expectClose, scoreOf, smooth } from './testing/plain-maps.ts';

const RLR = new URL('../../../../../shared/reference/rlr/', import.meta.url);
const SIZE = 64;

let executor: Executor;
let backbone: Backbone;
beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
  backbone = await openEmbeddedBackbone('compact');
});

const run = (model: Uint8Array, feeds: TensorMap) => runOnce(executor, model, feeds);

const floats = (values: TensorMap, name: string) => values[name]?.data as Float32Array;

/** RLR's rule: corners aligned, not smoothed. */
const rawMap = (grids: number[]) => ({ grids, alignCorners: true, smoothed: false });

function mapGraph(options: MapOptions): Uint8Array {
  const builder = new GraphBuilder('maps');
  const scores = options.map.grids.map((side, i) =>
    builder.input(`scores${i}`, 'float32', ['N', side ** 2]),
  );
  addMapAndScore(builder, scores, options);
  return builder.build();
}

function noise(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.abs(Math.sin((i + 1) * 12.9898 + seed) * 3));
}

function images(batch: number, height: number, width: number): TensorMap {
  const data = Uint8Array.from(
    { length: batch * height * width * 3 },
    (_, i) => 128 + 100 * Math.sin(i * 0.013 + Math.floor(i / (height * width * 3))),
  );
  return { image: { dtype: 'uint8', shape: [batch, height, width, 3], data } };
}

/** Scores are the mean over channels times a weight of the level. */
function meanMethod(channels: readonly number[]): Uint8Array {
  const builder = new GraphBuilder('method');
  for (const [i, size] of channels.entries()) {
    const tokens = builder.input(`tokens${i}`, 'float32', ['N', 'L', size]);
    const mean = builder.op('ReduceMean', [tokens, builder.constant(int64([2]))], {
      keepdims: { i: 0 },
    });
    const weight = builder.constant(float32([1], [i + 1]));
    builder.node('Mul', [mean, weight], {}, [`scores${i}`]);
    builder.output(`scores${i}`, 'float32', ['N', 'L']);
  }
  return builder.build();
}

describe('addMapAndScore', () => {
  it.each([
    [1, true, false],
    [3, true, false],
    [3, false, false],
    [2, false, true],
  ])(
    'matches plain loops with %i images, grids of different sides, alignment %s, smoothing %s',
    async (batch, alignCorners, smoothed) => {
      const map = { grids: [8, 5], alignCorners, smoothed };
      const model = mapGraph({ imageSizePx: 40, map });
      const scores = map.grids.map((side, i) => noise(batch * side ** 2, i));
      const result = await run(model, {
        scores0: float32([batch, 64], scores[0] as Float32Array),
        scores1: float32([batch, 25], scores[1] as Float32Array),
      });
      expect(result['anomaly_map']?.shape).toEqual([batch, 40, 40]);
      expect(result['image_score']?.shape).toEqual([batch]);
      for (let n = 0; n < batch; n++) {
        const [first, second] = map.grids.map((side, i) => {
          const own = scores[i]?.subarray(n * side ** 2, (n + 1) * side ** 2) as Float32Array;
          return enlarge(own, side, 40, alignCorners);
        }) as [number[], number[]];
        const mean = first.map((value, i) => (value + second[i]!) / 2);
        const smooth4 = smooth(mean, 40, 4);
        expectClose(
          floats(result, 'anomaly_map').subarray(n * 1600, (n + 1) * 1600),
          smoothed ? smooth4 : mean,
          1e-5,
        );
        expect(floats(result, 'image_score')[n]).toBeCloseTo(Math.max(...smooth4), 5);
      }
    },
  );

  it.each([
    ['sum', 2, { kind: 'max' }],
    ['product', 0, { kind: 'topShare', share: 0.01 }],
    ['mean', 1, { kind: 'topShare', share: 1e-9 }],
    ['mean', 3, { kind: 'pooledMax', side: 5 }],
    ['mean', 4, { kind: 'topShare', share: 0.01 }, 2],
    ['mean', 1, { kind: 'largest', count: 7, every: 4 }],
    ['sum', 2, { kind: 'largest', count: 1, every: 3 }],
  ] as const)(
    'combines by %s, smooths with σ %d and scores by %o',
    async (combine, sigma, imageScore, radius?: number) => {
      const cut = radius === undefined ? {} : { radius };
      const map = { ...rawMap([8, 5]), combine, sigma, imageScore, ...cut };
      const scores = [noise(2 * 64, 0), noise(2 * 25, 1)] as const;
      const result = await run(mapGraph({ imageSizePx: 40, map }), {
        scores0: float32([2, 64], scores[0]),
        scores1: float32([2, 25], scores[1]),
      });
      for (const n of [0, 1]) {
        const first = enlarge(scores[0].subarray(n * 64, (n + 1) * 64), 8, 40);
        const second = enlarge(scores[1].subarray(n * 25, (n + 1) * 25), 5, 40);
        const combined = first.map((a, i) => {
          const b = second[i] as number;
          return { sum: a + b, product: a * b, mean: (a + b) / 2 }[combine];
        });
        const smoothed = sigma === 0 ? combined : smooth(combined, 40, sigma, radius);
        expectClose(
          floats(result, 'anomaly_map').subarray(n * 1600, (n + 1) * 1600),
          combined,
          1e-5,
        );
        expect(floats(result, 'image_score')[n]).toBeCloseTo(scoreOf(smoothed, imageScore), 4);
      }
    },
  );

  it('smooths like SciPy, also a map smaller than the kernel', async () => {
    const fixture = JSON.parse(
      readFileSync(new URL('./fixtures/scipy-gaussian.json', import.meta.url), 'utf8'),
    ) as { values: number[] };
    const map = Array.from({ length: 24 * 24 }, (_, i) => {
      const [x, y] = [i % 24, Math.floor(i / 24)];
      return ((x * x * 3 + y * 7 + ((x * y) % 5) * 9) % 31) / 31;
    });
    expectClose(smooth(map, 24, 4), fixture.values, 1e-7);
    const model = mapGraph({
      imageSizePx: 24,
      map: rawMap([24]),
    });
    const result = await run(model, { scores0: float32([1, 576], map) });
    expectClose(floats(result, 'anomaly_map'), map, 1e-6);
    expect(floats(result, 'image_score')[0]).toBeCloseTo(Math.max(...fixture.values), 6);
    const tiny = mapGraph({
      imageSizePx: 6,
      map: rawMap([6]),
    });
    const small = map.slice(0, 36);
    const score = floats(await run(tiny, { scores0: float32([1, 36], small) }), 'image_score')[0];
    expect(score).toBeCloseTo(Math.max(...smooth(small, 6, 4)), 5);
  });

  it('takes the plain maximum with sigma 0', async () => {
    const scores = noise(9, 1);
    const model = mapGraph({ imageSizePx: 9, map: { ...rawMap([3]), sigma: 0 } });
    const result = await run(model, { scores0: float32([1, 9], scores) });
    expect(floats(result, 'image_score')[0]).toBeCloseTo(Math.max(...scores), 6);
  });

  it.skipIf(!existsSync(RLR))('makes the released network’s maps of its token scores', async () => {
    const files = readdirSync(RLR).filter((name) => name.endsWith('.safetensors'));
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) {
      const { tensors } = readSafetensors(readFileSync(new URL(file, RLR)), file);
      const tokens = tensors.get('output.score_tokens');
      const [batch = 0, side = 0] = tokens?.shape ?? [];
      const model = mapGraph({ imageSizePx: 64, map: rawMap([side]) });
      const scores0 = float32([batch, side ** 2], tokens?.data as Float32Array);
      const map = floats(await run(model, { scores0 }), 'anomaly_map');
      expectClose(map, tensors.get('output.score_map')?.data as Float32Array, 2e-6);
    }
  });
});

describe('buildFeatureGraph', () => {
  it('gives tokens row by row, averaged with their neighbors if asked', async () => {
    const feeds = images(2, 71, 45);
    const options = { backbone, preprocessing: { imageSizePx: SIZE, ...IMAGENET_COLORS } };
    const plain = await run(buildFeatureGraph({ ...options, averagePool: false }), feeds);
    const pooled = await run(buildFeatureGraph({ ...options, averagePool: true }), feeds);
    for (const [name, side, channels] of [
      ['tokens0', 8, 64],
      ['tokens1', 4, 128],
    ] as const) {
      expect(plain[name]?.shape).toEqual([2, side ** 2, channels]);
      const tokens = floats(plain, name);
      const expected = tokens.map((_, i) => {
        const [c, token] = [i % channels, Math.floor(i / channels)];
        const [n, y, x] = [
          Math.floor(token / side ** 2),
          Math.floor(token / side) % side,
          token % side,
        ];
        let sum = 0;
        for (let row = Math.max(0, y - 1); row <= Math.min(side - 1, y + 1); row++) {
          for (let column = Math.max(0, x - 1); column <= Math.min(side - 1, x + 1); column++) {
            sum += tokens[((n * side + row) * side + column) * channels + c]!;
          }
        }
        return sum / 9;
      });
      expectClose(floats(pooled, name), expected, 1e-5);
      // By plain code, image by image.
      const each = side ** 2 * channels;
      for (const start of [0, each])
        averageNeighbors(
          tokens.subarray(start, start + each),
          { grid: side, channels },
          new Float32Array(each),
        );
      expectClose(tokens, expected, 1e-6);
    }
  });
});

describe('buildScoringGraph', () => {
  it.each([
    [1, 33, 97],
    [3, 64, 64],
    [3, 201, 150],
  ])('scores %i images of %i×%i pixels from their own tokens', async (batch, height, width) => {
    const feeds = images(batch, height, width);
    const options = {
      backbone,
      preprocessing: { imageSizePx: SIZE, ...IMAGENET_COLORS },
      averagePool: true,
    };
    const model = buildScoringGraph({
      ...options,
      methodInputs: 'tokens',
      methodGraph: meanMethod([64, 128]),
      categoryDescriptor: false,
      map: rawMap([8, 4]),
    });
    const result = await run(model, feeds);
    expect(result['anomaly_map']?.shape).toEqual([batch, SIZE, SIZE]);
    expect(result['image_score']?.shape).toEqual([batch]);
    const features = await run(buildFeatureGraph(options), feeds);
    for (let n = 0; n < batch; n++) {
      const levels = [
        [8, 64],
        [4, 128],
      ].map(([side = 0, channels = 0], level) => {
        const tokens = floats(features, `tokens${level}`);
        const scores = Array.from({ length: side ** 2 }, (_, token) => {
          const start = (n * side ** 2 + token) * channels;
          const own = tokens.subarray(start, start + channels);
          return ((level + 1) * own.reduce((sum, value) => sum + value, 0)) / channels;
        });
        return enlarge(scores, side, SIZE);
      }) as [number[], number[]];
      const expected = levels[0].map((value, i) => (value + levels[1][i]!) / 2);
      const map = floats(result, 'anomaly_map').subarray(n * SIZE ** 2, (n + 1) * SIZE ** 2);
      expectClose(map, expected, 1e-5);
      const score = floats(result, 'image_score')[n]!;
      expectClose([score], [Math.max(...smooth(expected, SIZE, 4))], 1e-5);
    }
  });

  it('gives an image the same scores alone and in a batch', async () => {
    const model = buildScoringGraph({
      backbone,
      preprocessing: { imageSizePx: SIZE, ...IMAGENET_COLORS },
      averagePool: true,
      methodInputs: 'tokens',
      methodGraph: meanMethod([64, 128]),
      categoryDescriptor: false,
      map: rawMap([8, 4]),
    });
    const together = await run(model, images(3, 50, 70));
    const all = images(3, 50, 70)['image']?.data as Uint8Array;
    const data = all.slice(all.length / 3, (2 * all.length) / 3);
    const alone = await run(model, { image: { dtype: 'uint8', shape: [1, 50, 70, 3], data } });
    const own = floats(together, 'anomaly_map').subarray(SIZE ** 2, 2 * SIZE ** 2);
    expectClose(floats(alone, 'anomaly_map'), own, 1e-5);
  });
});
