/** @file The descriptor that categories are found by, run for real, against plain loops; and that scores don't notice it. */
import { type Executor, IMAGENET_COLORS, type TensorMap } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Backbone } from '../backbones/backbone.ts';
import { openEmbeddedBackbone } from '../backbones/embedded-backbone.ts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { int64 } from '../onnx/tensor.ts';
import { runOnce } from '../onnx/testing/run-once.ts';
import { buildDescriptorGraph, descriptorSize } from './category-descriptor.ts';
import { buildFeatureGraph } from './feature-graph.ts';
import { buildScoringGraph } from './scoring-graph.ts';

let executor: Executor;
let backbone: Backbone;
beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
  backbone = await openEmbeddedBackbone('compact');
});

const run = (model: Uint8Array, feeds: TensorMap) => runOnce(executor, model, feeds);

function images(batch: number, height: number, width: number): TensorMap {
  const data = Uint8Array.from(
    { length: batch * height * width * 3 },
    (_, i) => 128 + 100 * Math.sin(i * 0.017 + Math.floor(i / (height * width * 3))),
  );
  return { image: { dtype: 'uint8', shape: [batch, height, width, 3], data } };
}

/** PyTorch's `adaptive_avg_pool2d(…, 2)` and the L2 norm, of tokens `[side², channels]`. */
function quarters(tokens: Float32Array, side: number, channels: number): number[] {
  const bounds = [
    [0, Math.ceil(side / 2)],
    [Math.floor(side / 2), side],
  ] as const;
  const values: number[] = [];
  for (let c = 0; c < channels; c++) {
    for (const [top, bottom] of bounds) {
      for (const [left, right] of bounds) {
        let sum = 0;
        for (let y = top; y < bottom; y++)
          for (let x = left; x < right; x++) sum += tokens[(y * side + x) * channels + c]!;
        values.push(sum / (bottom - top) / (right - left));
      }
    }
  }
  const norm = Math.hypot(...values);
  return values.map((value) => value / norm);
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    if (!(Math.abs(actual[i]! - expected[i]!) < 1e-6))
      expect.fail(`number ${i}: ${actual[i]} instead of ${expected[i]}`);
  }
}

describe('buildDescriptorGraph', () => {
  it.each([
    [64, [8, 4]],
    [72, [9, 5]],
  ])('averages the taps of %i pixel images over quarters, each of norm 1', async (size, sides) => {
    const feeds = images(2, 50, 90);
    const options = { backbone, preprocessing: { imageSizePx: size, ...IMAGENET_COLORS } };
    const result = await run(buildDescriptorGraph(options), feeds);
    const descriptor = result['category_descriptor'];
    expect(descriptor?.shape).toEqual([2, 4 * (64 + 128)]);
    expect(descriptorSize(options)).toBe(4 * (64 + 128));
    const features = await run(buildFeatureGraph({ ...options, averagePool: false }), feeds);
    for (const image of [0, 1]) {
      const expected = [64, 128].flatMap((channels, level) => {
        const side = sides[level] as number;
        const tokens = features[`tokens${level}`]?.data as Float32Array;
        const length = side ** 2 * channels;
        return quarters(tokens.subarray(image * length, (image + 1) * length), side, channels);
      });
      const length = descriptorSize(options);
      const all = descriptor?.data as Float32Array;
      expectClose(all.subarray(image * length, (image + 1) * length), expected);
    }
  });

  it('takes a grid of one place as it is', async () => {
    const options = { backbone, preprocessing: { imageSizePx: 16, ...IMAGENET_COLORS } };
    const result = await run(buildDescriptorGraph(options), images(1, 20, 20));
    expect(result['category_descriptor']?.shape).toEqual([1, 4 * 64 + 128]);
    expect(descriptorSize(options)).toBe(4 * 64 + 128);
  });
});

describe('the output of a scoring graph', () => {
  /** The mean over channels as score. */
  function meanMethod(): Uint8Array {
    const builder = new GraphBuilder('method');
    for (const [level, channels] of [64, 128].entries()) {
      const tokens = builder.input(`tokens${level}`, 'float32', ['N', 'L', channels]);
      builder.node('ReduceMean', [tokens, builder.constant(int64([2]))], { keepdims: { i: 0 } }, [
        `scores${level}`,
      ]);
      builder.output(`scores${level}`, 'float32', ['N', 'L']);
    }
    return builder.build();
  }

  it.each([true, false])(
    'leaves score and map as they are, to the bit (pooling %s)',
    async (averagePool) => {
      const options = {
        backbone,
        preprocessing: { imageSizePx: 64, ...IMAGENET_COLORS },
        averagePool,
        methodInputs: 'tokens' as const,
        methodGraph: meanMethod(),
        map: { grids: [8, 4], alignCorners: true, smoothed: false },
      };
      const feeds = images(3, 70, 51);
      const plain = await run(buildScoringGraph({ ...options, categoryDescriptor: false }), feeds);
      const described = await run(
        buildScoringGraph({ ...options, categoryDescriptor: true }),
        feeds,
      );
      expect(Object.keys(plain).sort()).toEqual(['anomaly_map', 'image_score']);
      for (const name of ['anomaly_map', 'image_score'])
        expect(described[name]?.data).toEqual(plain[name]?.data);
      const alone = await run(buildDescriptorGraph(options), feeds);
      expectClose(
        described['category_descriptor']?.data as Float32Array,
        alone['category_descriptor']?.data as Float32Array,
      );
    },
  );
});
