import { createExecutor } from '@plumbline/runtime';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { decodeModelProto, float32 } from '../onnx/index.ts';
import { CannotRecordError, trace } from './index.ts';

/** Values in [-2, 2) from a fixed sequence. */
function values(count: number): Float32Array {
  let state = 12345;
  return Float32Array.from({ length: count }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return (state / 2147483648) * 4 - 2;
  });
}

/** Operators of a graph, in order. */
function operators(graph: Uint8Array): string[] {
  return decodeModelProto(graph).graph.node.map((node) => node.op_type);
}

describe('what can not be recorded is named', () => {
  it('names the kernel and the call', () => {
    const body = ({ x }: Readonly<Record<string, tf.Tensor>>) => ({ y: tf.cumprod(x!) });
    expect(() => trace({ name: 'x', inputs: { x: { shape: [2, 2] } } }, body)).toThrow(
      /kernel Cumprod.*\(called in trace\.int\.test\.ts:\d+\)/,
    );
  });

  it('names the inputs of a kernel that is recorded for others only', () => {
    const body = ({ x }: Readonly<Record<string, tf.Tensor>>) => ({
      y: tf.mirrorPad(x!, [[1, 1]], 'symmetric'),
    });
    expect(() => trace({ name: 'x', inputs: { x: { shape: [4] } } }, body)).toThrow(
      /MirrorPad\(x float32 \[4\]\).*trace\.int\.test\.ts/,
    );
  });

  it.each<[string, (x: tf.Tensor) => tf.Tensor]>([
    ['randomNormal', (x) => tf.add(x, tf.randomNormal([2, 3]))],
    ['randomNormal', (x) => tf.add(x, tf.randomNormal([2, 3], 0, 1, 'float32', 7))],
    ['randomStandardNormal', (x) => tf.add(x, tf.randomStandardNormal([2, 3]))],
    ['truncatedNormal', (x) => tf.add(x, tf.truncatedNormal([2, 3]))],
    ['randomUniform', (x) => tf.add(x, tf.randomUniform([2, 3]))],
    ['randomUniformInt', (x) => tf.add(x, tf.cast(tf.randomUniformInt([2, 3], 0, 9), 'float32'))],
    ['randomGamma', (x) => tf.add(x, tf.randomGamma([2, 3], 1))],
    ['rand', (x) => tf.add(x, tf.rand([2, 3], Math.random))],
    ['dropout', (x) => tf.dropout(x, 0.5)],
    ['dropout', (x) => tf.dropout(x, 0.5, undefined, 3)],
  ])('refuses tf.%s, whose numbers would be constants', (name, call) => {
    const body = ({ x }: Readonly<Record<string, tf.Tensor>>) => ({ y: call(x!) });
    expect(() => trace({ name: 'x', inputs: { x: { shape: [2, 3] } } }, body)).toThrow(
      new RegExp(
        `Cannot record random numbers \\(tf\\.${name}\\): .*take random numbers as an input.*trace\\.int\\.test\\.ts`,
      ),
    );
  });

  it('refuses tf.multinomial, whose kernel draws', () => {
    const body = ({ x }: Readonly<Record<string, tf.Tensor>>) => ({
      y: tf.cast(tf.multinomial(x as tf.Tensor2D, 3), 'float32'),
    });
    expect(() => trace({ name: 'x', inputs: { x: { shape: [2, 3] } } }, body)).toThrow(
      /kernel Multinomial: .*take random numbers as an input/,
    );
  });

  it('records a dropout of nothing, and constants that are not random', () => {
    const body = ({ x }: Readonly<Record<string, tf.Tensor>>) => ({
      y: tf.add(tf.dropout(x!, 0), tf.ones([2, 3])),
    });
    expect(() => trace({ name: 'x', inputs: { x: { shape: [2, 3] } } }, body)).not.toThrow();
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

describe('a recorded graph is lean', () => {
  const x = { shape: [2, 3, 4, 5] };

  it('holds equal constants once, large ones too', () => {
    const table = values(600);
    const graph = trace({ name: 'x', inputs: { x: { shape: [600] } } }, ({ x: given }) => ({
      y: tf.add(tf.mul(given!, tf.tensor1d(table.slice())), tf.tensor1d(table.slice())),
    }));
    const large = decodeModelProto(graph).graph.initializer.filter(({ dims }) => dims[0] === 600);
    expect(large).toHaveLength(1);
  });

  it('computes what is equal once and what is not used never', () => {
    const graph = trace({ name: 'x', inputs: { x } }, ({ x: given }) => {
      tf.sqrt(given!);
      return { y: tf.add(tf.exp(given!), tf.square(tf.exp(given!))) };
    });
    expect(operators(graph)).toEqual(['Exp', 'Mul', 'Add']);
  });

  it('merges transpositions, so that pools and convolutions in a row have two', () => {
    const graph = trace({ name: 'x', inputs: { x } }, ({ x: given }) => {
      const pooled = tf.maxPool(given as tf.Tensor4D, 2, 1, 'same');
      return { y: tf.avgPool(pooled, 2, 1, 'same') };
    });
    expect(operators(graph)).toEqual(['Transpose', 'MaxPool', 'AveragePool', 'Transpose']);
  });

  it('says the shapes of its values', () => {
    const graph = trace({ name: 'x', inputs: { x } }, ({ x: given }) => ({
      y: tf.exp(tf.sum(given!, 1)),
    }));
    const shapes = decodeModelProto(graph).graph.value_info?.map(({ type }) =>
      type?.tensor_type?.shape?.dim.map(({ dim_value }) => Number(dim_value)),
    );
    // The output's own is said where it is declared.
    expect(shapes).toEqual([[2, 4, 5]]);
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
