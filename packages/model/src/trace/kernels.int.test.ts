/**
 * @file Property tests of the tracer: random calls of each operation, recorded and run by onnxruntime, against
 * TensorFlow.js' own CPU backend, forward and gradient. A failure prints seed and path, and the smallest call found.
 */
import type { Executor } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { float32 } from '../onnx/index.ts';
import { trace } from './index.ts';
import { ELEMENTWISE_CASES } from './testing/elementwise-cases.ts';
import { IMAGE_CASES } from './testing/image-cases.ts';
import { LAYOUT_CASES } from './testing/layout-cases.ts';
import type { CaseArbitrary, OpCase } from './testing/op-case.ts';

const SEED = 20261125;
/** Calls that share a graph and a session at most, and how many such groups an operation gets. */
const CALLS = 8;
const GROUPS = 2;
const TOLERANCE = 2e-4;

const CASES: Readonly<Record<string, CaseArbitrary>> = {
  ...ELEMENTWISE_CASES,
  ...LAYOUT_CASES,
  ...IMAGE_CASES,
};

/** Values in a range from a fixed sequence: another for each `stream`. */
function values(
  count: number,
  stream: number,
  [low, high]: readonly [number, number],
): Float32Array {
  let state = 12345 + 7919 * stream;
  const next = () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
  next();
  return Float32Array.from({ length: count }, () => low + next() * (high - low));
}

const elements = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

/** Output and, for a differentiable call, the gradients of the output's sum weighted with fixed numbers. */
function outputsOf(
  call: OpCase,
  tensors: tf.Tensor[],
  differentiated = call.run,
): Record<string, tf.Tensor> {
  const output = call.run(...tensors);
  if (call.differentiable === false) return { output };
  const gradients = tf.grads((...xs: tf.Tensor[]) => {
    const y = differentiated(...xs);
    return tf.sum(tf.mul(y, tf.tensor(values(y.size, 99, [-1, 1]), y.shape)));
  })(tensors);
  return { output, ...Object.fromEntries(gradients.map((g, i) => [`gradient${i}`, g])) };
}

/** Runs the calls in one graph and compares with TensorFlow.js. */
async function check(executor: Executor, calls: readonly OpCase[]): Promise<void> {
  const inputs = calls.map((call) =>
    call.shapes.map((shape, at) =>
      float32(shape, values(elements(shape), at, call.range ?? [-2, 2])),
    ),
  );
  const named = Object.fromEntries(
    inputs.flatMap((group, call) => group.map((x, at) => [`x${call}_${at}`, x] as const)),
  );
  const graph = trace(
    {
      name: 'calls',
      inputs: Object.fromEntries(
        Object.entries(named).map(([name, { shape }]) => [name, { shape }]),
      ),
    },
    (traced) =>
      Object.fromEntries(
        calls.flatMap((call, index) => {
          const tensors = call.shapes.map((_, at) => traced[`x${index}_${at}`] as tf.Tensor);
          return Object.entries(outputsOf(call, tensors)).map(([name, y]) => [
            `${name}_${index}`,
            y,
          ]);
        }),
      ),
  );
  const session = await executor.load(graph);
  const actual = await session.run(
    Object.fromEntries(session.inputNames.map((name) => [name, named[name]!])),
  );
  await session.release();
  tf.tidy(() => {
    for (const [index, call] of calls.entries()) {
      const tensors = inputs[index]!.map((x) => tf.tensor(x.data as Float32Array, [...x.shape]));
      const expected = outputsOf(call, tensors, call.gradientOf);
      if (call.linear) expectLinear(call, tensors, expected);
      for (const [name, tensor] of Object.entries(expected)) {
        const found = actual[`${name}_${index}`]!;
        const what = `${name} of ${call.call}`;
        expect(found.shape, `shape of ${what}`).toEqual(tensor.shape);
        expect(largestError(found.data as Float32Array, tensor.dataSync()), what).toBeLessThan(
          TOLERANCE,
        );
      }
    }
  });
}

/** ⟨gradient, input⟩ = ⟨weights, output⟩ for each input. */
function expectLinear(
  call: OpCase,
  inputs: readonly tf.Tensor[],
  { output, ...gradients }: Record<string, tf.Tensor>,
): void {
  const inner = (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.mul(a, b)).dataSync();
  const y = output as tf.Tensor;
  const weighted = inner(tf.tensor(values(y.size, 99, [-1, 1]), y.shape), y);
  for (const [index, x] of inputs.entries()) {
    const found = inner(gradients[`gradient${index}`] as tf.Tensor, x);
    expect(largestError(found, weighted), `gradient${index} of ${call.call}`).toBeLessThan(
      TOLERANCE,
    );
  }
}

/** max|a − b| against max(1, max|b|). */
function largestError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0;
  let scale = 1;
  for (let i = 0; i < b.length; i++) {
    if (Number.isNaN(a[i]) !== Number.isNaN(b[i])) return Number.POSITIVE_INFINITY;
    if (a[i] === b[i] || Number.isNaN(a[i])) continue;
    difference = Math.max(difference, Math.abs(a[i]! - b[i]!));
    scale = Math.max(scale, Math.abs(b[i]!));
  }
  return difference / scale;
}

describe('recorded operations agree with the TensorFlow.js CPU backend, forward and gradient', () => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await createExecutor({ threads: 1 });
    await tf.setBackend('cpu');
    tf.enableProdMode();
  });

  it.each(Object.entries(CASES))('%s', async (_, arbitrary) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitrary, { minLength: 1, maxLength: CALLS, size: 'max' }),
        (calls) => check(executor, calls),
      ),
      { seed: SEED, numRuns: GROUPS },
    );
  });

  it('gives resizing the gradient of a linear map, ⟨g, x⟩ = ⟨w, resize(x)⟩ for every x', async () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }));
    const resize = fc.constantFrom(tf.image.resizeBilinear, tf.image.resizeNearestNeighbor);
    const corners = fc.constantFrom([false, false], [true, false], [false, true]);
    await fc.assert(
      fc.asyncProperty(sizes, sizes, resize, corners, async (from, to, run, [align, half]) => {
        const images = { shape: [3, ...from, 2] };
        const weights = values(elements(to) * 2, 2, [-1, 1]);
        const graph = trace({ name: 'resize', inputs: { images } }, ({ images: xs }) => {
          const w = tf.tensor(weights, [1, ...to, 2]);
          const sums = (x: tf.Tensor) =>
            tf.sum(tf.mul(w, run(x as tf.Tensor4D, to, align, half)), [1, 2, 3]);
          const gradient = tf.grad((x) => tf.sum(sums(x)))(xs as tf.Tensor);
          const inner = tf.sum(tf.mul(tf.slice(gradient, 0, 1), xs as tf.Tensor), [1, 2, 3]);
          return { sums: sums(xs as tf.Tensor), inner };
        });
        const session = await executor.load(graph);
        const data = values(elements(images.shape), 1, [-2, 2]);
        const { sums, inner } = await session.run({ images: float32(images.shape, data) });
        await session.release();
        const error = largestError(inner!.data as Float32Array, sums!.data as Float32Array);
        expect(error).toBeLessThan(TOLERANCE);
      }),
      { seed: SEED, numRuns: 40 },
    );
  });
});
