/** @file Copying and rewriting of nodes: the copy must compute what the runtime computes for the original. */
import { DomainError, type Executor, type TensorMap } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AttributeValue } from './attribute-value.ts';
import { GraphBuilder } from './graph-builder.ts';
import { ATTRIBUTE_TYPE, DATA_TYPE, decodeModelProto, encodeModelProto } from './schema.ts';
import { spliceModel } from './splice.ts';
import { float32, int64 } from './tensor.ts';
import { runOnce } from './testing/run-once.ts';

let executor: Executor;
beforeAll(async () => {
  executor = await createExecutor({ threads: 1 });
});

const X = float32(
  [2, 3, 4, 5],
  Float32Array.from({ length: 120 }, (_, i) => Math.sin(i * 1.7) * 3),
);

const run = (model: Uint8Array, feeds: TensorMap) => runOnce(executor, model, feeds);

function splice(model: Uint8Array, outputs: readonly string[], prefix = 'p/'): Uint8Array {
  const builder = new GraphBuilder('copy');
  const x = builder.input('x', 'float32', ['N', 3, 'H', 'W']);
  const names = spliceModel(builder, model, { prefix, inputs: { x }, outputs });
  for (const [i, output] of outputs.entries()) {
    builder.node('Identity', [names[output] as string], {}, [`out${i}`]);
  }
  const proto = decodeModelProto(builder.build());
  proto.graph.output = outputs.map((_, i) => ({ name: `out${i}` }));
  return encodeModelProto(proto);
}

/** One node on `x` in an operator set of its own. */
function single(
  opset: number,
  op: string,
  attributes: Record<string, AttributeValue>,
  constants: readonly Parameters<GraphBuilder['constant']>[0][] = [],
  outputs = 1,
): Uint8Array {
  const builder = new GraphBuilder('old', opset);
  const x = builder.input('x', 'float32', ['N', 3, 'H', 'W']);
  const names = Array.from({ length: outputs }, (_, i) => `y${i}`);
  builder.node(op, [x, ...constants.map((value) => builder.constant(value))], attributes, names);
  const proto = decodeModelProto(builder.build());
  proto.graph.output = names.map((name) => ({ name }));
  if (opset < 10) proto.ir_version = 4;
  return encodeModelProto(proto);
}

const perChannel = [1, 2, 3, 4].map((k) => float32([3], [k, k + 0.5, k * 2]));
const cases: [string, Uint8Array, number?][] = [
  ['Unsqueeze 11', single(11, 'Unsqueeze', { axes: { is: [1, 3] } })],
  ['ReduceSum 11', single(11, 'ReduceSum', { axes: { is: [2] }, keepdims: { i: 0 } })],
  ['ReduceMean 17', single(17, 'ReduceMean', { axes: { is: [-1, -2] } })],
  ['ReduceMax 13, all', single(13, 'ReduceMax', {})],
  [
    'Slice 9',
    single(9, 'Slice', { starts: { is: [1] }, ends: { is: [2 ** 63] }, axes: { is: [2] } }),
  ],
  ['Slice 9 without axes', single(9, 'Slice', { starts: { is: [0, 1] }, ends: { is: [2, -1] } })],
  ['TopK 9', single(9, 'TopK', { k: { i: 2 }, axis: { i: 3 } }, [], 2), 2],
  ['Clip 7', single(7, 'Clip', { min: { f: 0 }, max: { f: 1.5 } })],
  ['Clip 10, upper only', single(10, 'Clip', { max: { f: 1.5 } })],
  ['Pad 9', single(9, 'Pad', { pads: { is: [0, 0, 1, 2, 0, 0, 0, 1] }, value: { f: 7 } })],
  [
    'Pad 10, reflect',
    single(10, 'Pad', { pads: { is: [0, 0, 1, 1, 0, 0, 1, 1] }, mode: { s: 'reflect' } }),
  ],
  ['Split 11', single(11, 'Split', { split: { is: [1, 2] }, axis: { i: 1 } }, [], 2), 2],
  ['Split 13, equal', single(13, 'Split', { axis: { i: 2 } }, [], 2), 2],
  ['Dropout 10', single(10, 'Dropout', { ratio: { f: 0.4 } })],
  ['BatchNormalization 9', single(9, 'BatchNormalization', { epsilon: { f: 0.1 } }, perChannel)],
  ['Upsample 7', single(7, 'Upsample', { scales: { fs: [1, 1, 2, 3] } })],
  [
    'Upsample 9, linear',
    single(9, 'Upsample', { mode: { s: 'linear' } }, [float32([4], [1, 1, 2, 2])]),
  ],
  ['Resize 10', single(10, 'Resize', { mode: { s: 'nearest' } }, [float32([4], [1, 1, 1.5, 2])])],
  [
    'Resize 11, sizes',
    single(
      11,
      'Resize',
      { mode: { s: 'linear' }, coordinate_transformation_mode: { s: 'pytorch_half_pixel' } },
      [float32([0], []), float32([0], []), int64([2, 3, 7, 9])],
    ),
  ],
  [
    'Resize 11, scales',
    single(11, 'Resize', { mode: { s: 'cubic' } }, [float32([0], []), float32([4], [1, 1, 2, 2])]),
  ],
  ['Softmax 11, default axis', single(11, 'Softmax', {})],
  ['LogSoftmax 9, axis 2', single(9, 'LogSoftmax', { axis: { i: 2 } })],
  ['Softmax 13 stays', single(13, 'Softmax', { axis: { i: 1 } })],
  [
    'AveragePool 10',
    single(10, 'AveragePool', {
      kernel_shape: { is: [3, 3] },
      ceil_mode: { i: 1 },
      strides: { is: [2, 2] },
    }),
  ],
  [
    'GridSample 16',
    single(16, 'GridSample', { mode: { s: 'bicubic' } }, [
      float32([2, 2, 2, 2], [0, 0.1, -0.5, 0.9, 1, 1, -1, -1, 0.3, 0.2, 0, 0, 0.5, 0.5, -0.2, 0.7]),
    ]),
  ],
];

describe('spliceModel', () => {
  it.each(cases)('rewrites %s', async (_, model, outputs = 1) => {
    const names = Array.from({ length: outputs }, (_unused, i) => `y${i}`);
    const expected = await run(model, { x: X });
    const actual = await run(splice(model, names), { x: X });
    for (const [i, name] of names.entries()) {
      expect(actual[`out${i}`]?.shape).toEqual(expected[name]?.shape);
      const [a, b] = [actual[`out${i}`]?.data, expected[name]?.data];
      expect(a?.length).toBeGreaterThan(0);
      for (let k = 0; k < (b?.length ?? 0); k++) {
        expect(Number(a?.[k])).toBeCloseTo(Number(b?.[k]), 5);
      }
    }
  });

  it('copies only what is needed, twice into one graph', () => {
    const source = new GraphBuilder('source');
    const x = source.input('x', 'float32', ['N', 3, 'H', 'W']);
    const weight = source.constant(float32([1], [2]), 'weight');
    source.node('Mul', [x, weight], {}, ['early']);
    source.node('Mul', ['early', source.constant(float32([1], [3]), 'later')], {}, ['late']);
    source.output('late', 'float32', ['N', 3, 'H', 'W']);
    const model = source.build();
    const builder = new GraphBuilder('copy');
    builder.input('x', 'float32', ['N', 3, 'H', 'W']);
    for (const prefix of ['a/', 'b/']) {
      const names = spliceModel(builder, model, {
        prefix,
        inputs: { x: 'x' },
        outputs: ['early', 'x'],
      });
      expect(names).toEqual({ early: `${prefix}early`, x: 'x' });
    }
    const { graph } = decodeModelProto(builder.build());
    expect(graph.initializer.map((tensor) => tensor.name)).toEqual(['a/weight', 'b/weight']);
    expect(graph.node).toHaveLength(2);
  });

  it('keeps float16 weights as they are, read from a Buffer too', async () => {
    const model = decodeModelProto(single(17, 'Cast', { to: { i: DATA_TYPE.float16 } }));
    model.graph.initializer.push({
      name: 'half',
      dims: [1],
      data_type: DATA_TYPE.float16,
      raw_data: Uint8Array.of(0x00, 0x3e),
    });
    const attribute = [{ name: 'to', type: ATTRIBUTE_TYPE.i, i: DATA_TYPE.float32 }];
    model.graph.node.push(
      { op_type: 'Mul', name: 'm', input: ['y0', 'half'], output: ['product'], attribute: [] },
      { op_type: 'Cast', name: 'c', input: ['product'], output: ['y1'], attribute },
    );
    const bytes = Buffer.from(encodeModelProto(model));
    const spliced = splice(bytes, ['y1']);
    const { out0 } = await run(spliced, { x: X });
    expect(Number(out0?.data[1])).toBeCloseTo((X.data[1] as number) * 1.5, 2);
    const halves = decodeModelProto(spliced).graph.initializer.filter(
      (tensor) => tensor.data_type === DATA_TYPE.float16,
    );
    expect(halves).toHaveLength(1);
  });

  const broken = (change: (proto: ReturnType<typeof decodeModelProto>) => void) => {
    const proto = decodeModelProto(single(17, 'Relu', {}));
    change(proto);
    return encodeModelProto(proto);
  };
  it.each([
    ['a value nobody computes', broken(() => {}), ['y7'], '"y7"'],
    [
      'a custom operator',
      broken(({ graph }) => {
        for (const node of graph.node) node.domain = 'com.microsoft';
      }),
      ['y0'],
      'com.microsoft.Relu',
    ],
    ['operator set 6', single(6, 'Relu', {}), ['y0'], 'operator set 6'],
    ['operator set 25', single(25, 'Relu', {}), ['y0'], 'operator set 25'],
    [
      'a subgraph',
      broken(({ graph }) => {
        for (const node of graph.node) {
          node.attribute.push({ name: 'body', type: ATTRIBUTE_TYPE.g, g: { ...graph, node: [] } });
        }
      }),
      ['y0'],
      'subgraph',
    ],
    [
      'an operator whose meaning changed',
      single(21, 'GroupNormalization', {}),
      ['y0'],
      'means something else',
    ],
  ] as const)('refuses %s', (_, model, outputs, message) => {
    expect(() => splice(model, outputs)).toThrow(DomainError);
    expect(() => splice(model, outputs)).toThrow(message);
  });
});
