/** @file What is recorded for a device computes what is recorded for a processor, forward and gradient; both run here. */
import type { Executor, TensorMap } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import {
  add,
  concat,
  grads,
  mean,
  mul,
  reshape,
  square,
  sum,
  type Tensor,
  tensor,
  transpose,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadProgram } from '../../eager/index.ts';
import { decodeModelProto, float32 } from '../../onnx/index.ts';
import { emitsForDevice, type TensorProgram, traceProgram } from '../../trace/index.ts';
import { asDevice } from '../../trace/testing/as-device.ts';
import { attentionCore } from '../attention-core.ts';
import { columnSums, gelu, layerNorm, linear } from '../layers.ts';
import { type LocalWindows, localAttention, localWindows } from '../local-attention.ts';
import { RandomStream } from '../random.ts';
import { linearTogether } from './linear.ts';
import { piecesOf } from './sums.ts';

interface Case {
  readonly shapes: readonly (readonly number[])[];
  readonly run: (...inputs: Tensor[]) => Tensor;
}

const size = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);

function normal(shape: readonly number[], purpose: string): Float32Array {
  const values = new Float32Array(size(shape));
  RandomStream.from(11, purpose).fillNormal(values);
  return values;
}

/** The inputs `x0…`, the output `y` and the gradients `dx0…` of its sum weighted with fixed numbers. */
function programOf({ shapes, run }: Case): TensorProgram {
  const names = shapes.map((_, index) => `x${index}`);
  return {
    name: 'case',
    inputs: Object.fromEntries(names.map((name, i) => [name, { shape: shapes[i] ?? [] }])),
    body: (given) => {
      const inputs = names.map((name) => given[name] as Tensor);
      const weighted = (...xs: Tensor[]) => {
        const y = run(...xs);
        return sum(mul(y, tensor(normal(y.shape, 'upstream'), y.shape)));
      };
      const gradients = grads(weighted)(inputs);
      return { y: run(...inputs), ...Object.fromEntries(gradients.map((g, i) => [`dx${i}`, g])) };
    },
  };
}

async function outputsOf(executor: Executor, given: Case): Promise<TensorMap> {
  const session = await loadProgram(executor, programOf(given));
  const feeds = given.shapes.map(
    (shape, i) => [`x${i}`, float32(shape, normal(shape, `x${i}`))] as const,
  );
  const outputs = await session.run(Object.fromEntries(feeds));
  await session.release();
  return outputs;
}

const windows = localWindows(12, 5) as LocalWindows;
const mask = (shape: readonly number[]) =>
  tensor(
    normal(shape, 'mask').map((x) => (x > 1 ? -1e9 : 0)),
    [...shape],
  );

const CASES: Readonly<Record<string, Case>> = {
  'a linear layer that narrows, rows in pieces': {
    shapes: [[4, 128, 12], [6, 12], [6]],
    run: (x, weight, bias) => linear(x, weight, bias),
  },
  'a linear layer that widens, rows in one piece': {
    shapes: [[7, 12], [20, 12], [20]],
    run: (x, weight, bias) => linear(x, weight, bias),
  },
  'several linear layers of one input': {
    shapes: [[2, 128, 6], [10, 6], [10, 6], [10, 6], [10], [10], [10]],
    run: (x, ...parameters) => {
      const layers = [0, 1, 2].map((i) => ({
        weight: parameters[i] as Tensor,
        bias: parameters[3 + i] as Tensor,
      }));
      return emitsForDevice()
        ? concat(linearTogether(x, layers), -1)
        : concat(
            layers.map(({ weight, bias }) => linear(x, weight, bias)),
            -1,
          );
    },
  },
  'transpositions of reshaped transpositions': {
    shapes: [[2, 3, 4, 5]],
    run: (x) => {
      const heads = reshape(transpose(x, [2, 0, 1, 3]), [8, 1, 3, 5]);
      const back = transpose(reshape(transpose(heads, [0, 1, 3, 2]), [4, 2, 5, 3]), [1, 3, 0, 2]);
      return transpose(reshape(back, [6, 2, 2, 5]), [3, 1, 0, 2]);
    },
  },
  'a mean and a sum of all numbers': {
    shapes: [[3, 4, 5]],
    run: (x) => add(mean(square(x)), mul(sum(x), 0.1)),
  },
  'layer normalization': {
    shapes: [[3, 65, 24], [24], [24]],
    run: (x, weight, bias) => layerNorm(x, weight, bias),
  },
  'sums of columns': { shapes: [[192, 5]], run: (x) => columnSums(x) },
  GELU: { shapes: [[5, 33]], run: (x) => gelu(x) },
  'attention to keys of its own image': {
    shapes: [
      [2, 3, 32, 4],
      [2, 3, 10, 4],
      [2, 3, 10, 6],
    ],
    run: (q, k, v) => attentionCore(q, k, v, mask([1, 32, 10])),
  },
  'attention to shared keys, images in pieces': {
    shapes: [
      [2, 2, 64, 4],
      [2, 1, 16, 4],
      [2, 1, 16, 4],
    ],
    run: (q, k, v) => attentionCore(q, k, v, null),
  },
  'attention to shared keys, images stacked': {
    shapes: [
      [6, 3, 5, 4],
      [6, 1, 9, 4],
      [6, 1, 9, 4],
    ],
    run: (q, k, v) => attentionCore(q, k, v, mask([3, 5, 9])),
  },
  'local attention': {
    shapes: [
      [2, 144, 8],
      [1, 144, 8],
      [1, 144, 8],
    ],
    run: (q, k, v) => localAttention(q, k, v, windows, 2),
  },
};

describe('recorded for a device', () => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await createExecutor({ threads: 1 });
  });

  it.each(Object.entries(CASES))('%s', async (_, given) => {
    const expected = await outputsOf(executor, given);
    const found = await outputsOf(asDevice(executor), given);
    expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, { shape, data }] of Object.entries(expected)) {
      expect(found[name]?.shape, name).toEqual(shape);
      const values = Array.from(data, Number);
      const scale = Math.max(1, ...values.map(Math.abs));
      for (const [i, value] of values.entries())
        expect(
          Math.abs(Number(found[name]?.data[i]) - value) / scale,
          `${name}[${i}]`,
        ).toBeLessThan(1e-5);
    }
  });

  it('no map of attention weights is transposed', () => {
    const shapes = [
      [2, 3, 64, 4],
      [2, 1, 64, 4],
      [2, 3, 64, 4],
    ];
    const run: Case['run'] = (q, k, v) => attentionCore(q, k, v, null);
    const { graph } = decodeModelProto(traceProgram(programOf({ shapes, run }), 'device'));
    const maps = new Set(
      graph.node.filter(({ op_type }) => op_type === 'Softmax').flatMap(({ output }) => output),
    );
    expect(maps.size).toBeGreaterThan(0);
    const transposed = graph.node.filter(({ op_type }) => op_type === 'Transpose');
    expect(transposed.filter(({ input }) => maps.has(input[0] ?? ''))).toEqual([]);
  });
});

describe('pieces of a product', () => {
  it('are as many as fill a card, divide the rows, and are not too small', () => {
    expect(piecesOf(4096, 64)).toBe(8);
    expect(piecesOf(1024, 64)).toBe(8);
    expect(piecesOf(2048, 1024)).toBe(4);
    expect(piecesOf(100, 1)).toBe(1);
    expect(piecesOf(192, 1)).toBe(2);
  });
});
