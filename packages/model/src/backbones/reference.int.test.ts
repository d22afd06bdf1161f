/** @file Every backbone family against timm's values, by the real runtime. */
import { existsSync, readFileSync } from 'node:fs';
import type { Executor, TensorValue } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { float32 } from '../onnx/tensor.ts';
import { recognizeNetwork } from './architectures.ts';
import type { Network } from './network.ts';
import { readSafetensors, type SafeTensor } from './safetensors.ts';
import { measureVit, vit } from './vit-graph.ts';
import { type Weights, weightsOf } from './weights.ts';

const REFERENCE = new URL('../../../../../shared/reference/backbones/', import.meta.url);
const IS_HERE = existsSync(REFERENCE);
const TOLERANCE = 1e-4;

let executor: Executor;
beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
});

interface Case {
  readonly weights: Weights;
  readonly input: TensorValue;
  readonly output: (name: string) => SafeTensor;
}

function load(name: string): Case {
  const file = `${name}.safetensors`;
  const { tensors } = readSafetensors(readFileSync(new URL(file, REFERENCE)), file);
  const find = (key: string) => tensors.get(key) as SafeTensor;
  const parameters = [...tensors].flatMap(([key, tensor]) =>
    key.startsWith('param.') ? [[key.slice('param.'.length), tensor] as const] : [],
  );
  const { shape, data } = find('input.x');
  return {
    weights: weightsOf(new Map(parameters), file),
    input: float32(shape, data as Float32Array),
    output: (key) => find(`output.${key}`),
  };
}

async function run(network: Network, { weights, input }: Case, taps: readonly string[]) {
  const session = await executor.load(network.build(weights, taps));
  const values = await session.run({ input });
  await session.release();
  return values;
}

/** Largest |a − b| / max |b|. */
function difference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let largest = 0;
  let peak = 0;
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs((actual[i] as number) - (expected[i] as number)));
    peak = Math.max(peak, Math.abs(expected[i] as number));
  }
  return largest / peak;
}

/** f32 `[N, D, h, w]` to tokens `[N, h·w, D]`. */
function toTokens({ shape, data }: TensorValue): Float32Array {
  const [n = 0, d = 0, h = 0, w = 0] = shape;
  const tokens = new Float32Array(data.length);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < d; c++) {
      for (let p = 0; p < h * w; p++) {
        tokens[(i * h * w + p) * d + c] = data[(i * d + c) * h * w + p] as number;
      }
    }
  }
  return tokens;
}

describe.skipIf(!IS_HERE)('timm’s values (needs ../shared/reference)', () => {
  it.each([
    ['resnet18', { layer1: 'tap1', layer2: 'tap2' }],
    ['wide_resnet50_2-layer1', { layer1: 'tap1' }],
    ['tf_efficientnet_b0', { 'blocks.2': 'tap2', 'blocks.4': 'tap3' }],
    ['tf_efficientnet_b0-odd', { 'blocks.2': 'tap2' }],
  ])('%s', async (name, taps) => {
    const reference = load(name);
    const network = recognizeNetwork(reference.weights)?.network as Network;
    const values = await run(network, reference, Object.keys(taps));
    for (const [tap, key] of Object.entries(taps)) {
      const expected = reference.output(key);
      expect(values[tap]?.shape).toEqual(expected.shape);
      const error = difference(values[tap]?.data as Float32Array, expected.data as Float32Array);
      console.info(`${name} ${tap}: ${error}`);
      expect(error).toBeLessThan(TOLERANCE);
    }
  });

  it.each([
    ['vit-dinov2-tiny', 0],
    ['vit-dinov2-reg4-tiny', 4],
  ])('%s', async (name, registers) => {
    const reference = load(name);
    const description = measureVit(reference.weights, 3);
    expect(description).toMatchObject({ dim: 48, depth: 3, patchPx: 14, registers, positions: 5 });
    const network = vit(description as NonNullable<typeof description>);
    const taps = ['blocks.0', 'blocks.1', 'blocks.2', 'norm'];
    const values = await run(network, reference, taps);
    for (const tap of taps) {
      const actual = values[tap] as TensorValue;
      expect(actual.shape).toEqual([2, 48, 5, 5]);
      const expected =
        tap === 'norm'
          ? patchesOf(reference.output('tokens'), 1 + registers)
          : (reference.output(tap.replace('blocks.', 'block')).data as Float32Array);
      const error = difference(toTokens(actual), expected);
      console.info(`${name} ${tap}: ${error}`);
      expect(error).toBeLessThan(TOLERANCE);
    }
  });
});

/** Without class and register tokens: f32 `[N, T, D]` to `[N, T − first, D]`. */
function patchesOf({ shape, data }: SafeTensor, first: number): Float32Array {
  const [n = 0, t = 0, d = 0] = shape;
  const images = Array.from({ length: n }, (_, i) => [
    ...(data as Float32Array).subarray((i * t + first) * d, (i + 1) * t * d),
  ]);
  return Float32Array.from(images.flat());
}
