import { createExecutor } from '@plumbline/runtime';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { float32 } from '../onnx/index.ts';
import { CannotRecordError, trace } from './index.ts';

type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** Values in [low, high) from a fixed sequence. */
function values(count: number, low = -2, high = 2): Float32Array {
  let state = 12345;
  return Float32Array.from({ length: count }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return low + (state / 2147483648) * (high - low);
  });
}

interface Case {
  readonly shapes: readonly (readonly number[])[];
  readonly low?: number;
  readonly run: (...tensors: tf.Tensor[]) => tf.Tensor;
  readonly differentiable?: boolean;
}

const unary = (run: Unary, low?: number): Case => ({
  shapes: [[2, 3, 4]],
  run: run as Case['run'],
  ...(low === undefined ? {} : { low }),
});
const binary = (run: Binary, a = [2, 3, 4], b = [4], low?: number): Case => ({
  shapes: [a, b],
  run: run as Case['run'],
  ...(low === undefined ? {} : { low }),
});

const CASES: Readonly<Record<string, Case>> = {
  abs: unary((x) => tf.abs(x)),
  clip: unary((x) => tf.clipByValue(x, -1, 1)),
  cos: unary((x) => tf.cos(x)),
  erf: unary((x) => tf.erf(x)),
  exp: unary((x) => tf.exp(x)),
  log: unary((x) => tf.log(x), 0.1),
  neg: unary((x) => tf.neg(x)),
  reciprocal: unary((x) => tf.reciprocal(x), 0.5),
  relu: unary((x) => tf.relu(x)),
  rsqrt: unary((x) => tf.rsqrt(x), 0.1),
  sigmoid: unary((x) => tf.sigmoid(x)),
  sin: unary((x) => tf.sin(x)),
  softplus: unary((x) => tf.softplus(x)),
  sqrt: unary((x) => tf.sqrt(x), 0.1),
  square: unary((x) => tf.square(x)),
  tanh: unary((x) => tf.tanh(x)),
  softmax: unary((x) => tf.softmax(x)),
  transpose: unary((x) => tf.transpose(x, [2, 0, 1])),
  reshape: unary((x) => tf.reshape(x, [6, 4])),
  slice: unary((x) => tf.slice(x, [0, 1, 1], [2, 2, 2])),
  pad: unary((x) =>
    tf.pad(x, [
      [0, 0],
      [1, 2],
      [0, 1],
    ]),
  ),
  tile: unary((x) => tf.tile(x, [1, 2, 1])),
  expandDims: unary((x) => tf.expandDims(x, 1)),
  gather: {
    ...unary((x) => tf.gather(x, tf.tensor1d([2, 0, 2], 'int32'), 1)),
    differentiable: false,
  },
  unstack: unary((x) => tf.addN(tf.unstack(x, 1))),
  stack: unary((x) => tf.stack([x, x], 1)),
  split: unary((x) => tf.mul(...(tf.split(x, 2, 2) as [tf.Tensor, tf.Tensor]))),
  sum: unary((x) => tf.sum(x, [0, 2])),
  sumKept: unary((x) => tf.sum(x, 1, true)),
  mean: unary((x) => tf.mean(x, -1)),
  max: unary((x) => tf.max(x, 1)),
  min: unary((x) => tf.min(x, 1)),
  add: binary((a, b) => tf.add(a, b)),
  sub: binary((a, b) => tf.sub(a, b), [4], [2, 3, 4]),
  mul: binary((a, b) => tf.mul(a, b), [2, 1, 4], [3, 1]),
  div: binary((a, b) => tf.div(a, b), [2, 3], [2, 3], 0.5),
  maximum: binary((a, b) => tf.maximum(a, b), [2, 3], [2, 3]),
  minimum: binary((a, b) => tf.minimum(a, b), [2, 3], [2, 3]),
  pow: binary((a, b) => tf.pow(a, b), [2, 3], [3], 0.5),
  squaredDifference: binary((a, b) => tf.squaredDifference(a, b), [2, 3], [2, 3]),
  concat: binary((a, b) => tf.concat([a, b], 1), [2, 3], [2, 2]),
  where: binary(
    (a, b) =>
      tf.where(
        tf.tensor(
          [
            [1, 0, 1],
            [0, 0, 1],
          ],
          [2, 3],
          'bool',
        ),
        a,
        b,
      ),
    [2, 3],
    [2, 3],
  ),
  matMul: binary((a, b) => tf.matMul(a, b), [3, 4], [4, 2]),
  matMulTransposed: binary((a, b) => tf.matMul(a, b, true, true), [2, 4, 3], [2, 5, 4]),
  comparisons: {
    ...binary(
      (a, b) => tf.cast(tf.logicalAnd(tf.lessEqual(a, b), tf.notEqual(a, b)), 'float32'),
      [2, 3],
      [2, 3],
    ),
    differentiable: false,
  },
  argMax: { ...unary((x) => tf.cast(tf.argMax(x, 1), 'float32')), differentiable: false },
};

/** Output and, for a differentiable case, the gradients of the weighted sum of the output. */
function outputsOf(testCase: Case, tensors: tf.Tensor[]): Record<string, tf.Tensor> {
  const output = testCase.run(...tensors);
  if (testCase.differentiable === false) return { output };
  const gradients = tf.grads((...xs: tf.Tensor[]) => {
    const y = testCase.run(...xs);
    return tf.sum(tf.mul(y, tf.tensor(values(y.size), y.shape)));
  })(tensors);
  return {
    output,
    ...Object.fromEntries(gradients.map((gradient, i) => [`gradient${i}`, gradient])),
  };
}

describe('recorded kernels agree with the TensorFlow.js CPU backend, forward and gradient', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it.each(Object.entries(CASES))('%s', async (_, testCase) => {
    const inputs = testCase.shapes.map((shape, i) =>
      float32(shape, values(shape.reduce((a, b) => a * b, 1) + i, testCase.low).slice(i)),
    );
    const expected = outputsOf(
      testCase,
      inputs.map((x) => tf.tensor(x.data as Float32Array, [...x.shape])),
    );
    const graph = trace(
      {
        name: 'case',
        inputs: Object.fromEntries(inputs.map((x, i) => [`x${i}`, { shape: x.shape }])),
      },
      (traced) => outputsOf(testCase, Object.values(traced)),
    );
    const session = await (await createExecutor({ threads: 1 })).load(graph);
    const feeds = Object.fromEntries(inputs.map((x, i) => [`x${i}`, x]));
    const actual = await session.run(
      Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!])),
    );
    for (const [name, tensor] of Object.entries(expected)) {
      expect(actual[name]?.shape, name).toEqual(tensor.shape);
      const want = tensor.dataSync();
      for (const [i, value] of (actual[name]?.data ?? []).entries()) {
        expect(Number(value), `${name}[${i}]`).toBeCloseTo(want[i]!, 4);
      }
    }
    await session.release();
  });
});

describe('what can not be recorded is named', () => {
  it('names the kernel', () => {
    expect(() =>
      trace({ name: 'x', inputs: { x: { shape: [2, 2] } } }, ({ x }) => ({ y: tf.cumsum(x!) })),
    ).toThrow(/Cumsum/);
  });

  it('refuses to read values', () => {
    const body = ({ x }: Readonly<Record<string, tf.Tensor>>) => ({
      y: tf.mul(x!, x!.dataSync()[0]!),
    });
    expect(() => trace({ name: 'x', inputs: { x: { shape: [2] } } }, body)).toThrow(
      CannotRecordError,
    );
  });
});

describe('an open batch', () => {
  it('runs at any batch size', async () => {
    const graph = trace(
      { name: 'b', inputs: { x: { shape: [7919, 4, 2] } }, batchPlaceholder: 7919 },
      ({ x }) => ({
        y: tf.sum(
          tf.reshape(tf.transpose(tf.reshape(x!, [7919, 2, 4]), [1, 0, 2]), [2 * 7919, 4]),
          1,
        ),
      }),
    );
    const session = await (await createExecutor({ threads: 1 })).load(graph);
    for (const n of [1, 3]) {
      const result = await session.run({ x: float32([n, 4, 2], values(n * 8)) });
      expect(result['y']?.shape).toEqual([2 * n]);
    }
  });
});
