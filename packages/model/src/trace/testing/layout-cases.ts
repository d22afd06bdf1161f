/** @file Random calls of operations that move, pick or multiply values: layout, indexing, matrix products. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { type CaseArbitrary, type OpCase, shapeAndAxis, shapeOf, size } from './op-case.ts';

function one(
  arbitrary: fc.Arbitrary<readonly [number[], string, (x: tf.Tensor) => tf.Tensor]>,
  more: Pick<OpCase, 'differentiable' | 'linear'> = {},
): CaseArbitrary {
  return arbitrary.map(([shape, call, run]) => ({
    call: `${call} of [${shape}]`,
    shapes: [shape],
    run: run as OpCase['run'],
    ...more,
  }));
}

/** Indices into an axis of some length. */
const indices = (length: number) =>
  fc.array(fc.integer({ min: 0, max: length - 1 }), { minLength: 1, maxLength: 6 });

const permuted = shapeOf(1, 4).chain((shape) =>
  fc.tuple(
    fc.constant(shape),
    fc.shuffledSubarray([...shape.keys()], { minLength: shape.length, maxLength: shape.length }),
  ),
);

const matrices: CaseArbitrary = fc
  .tuple(size(), size(), size(), shapeOf(0, 2, 3), fc.boolean(), fc.boolean(), fc.boolean())
  .map(([m, k, n, batch, transposeA, transposeB, flat]) => {
    const a = [...batch, ...(transposeA ? [k, m] : [m, k])];
    const b = [...(flat ? batch.map(() => 1) : batch), ...(transposeB ? [n, k] : [k, n])];
    return {
      call: `matMul([${a}], [${b}], ${transposeA}, ${transposeB})`,
      shapes: [a, b],
      run: (x, y) => tf.matMul(x as tf.Tensor, y as tf.Tensor, transposeA, transposeB),
    };
  });

/** What is summed is in both operands: of `ij,kj->j` TensorFlow.js' CPU backend gives something else. */
const EQUATIONS = [
  ...['ij,jk->ik', 'ij,jk->ki', 'ij,jk->i', 'ij,jk->ijk'],
  ...['ij,kj->ik', 'kij,kj->ki', 'ji,jk->k', 'ij,ij->j'],
];

export const LAYOUT_CASES: Readonly<Record<string, CaseArbitrary>> = {
  matMul: matrices,
  fusedMatMul: fc
    .tuple(size(), size(), size(), fc.constantFrom('relu', 'elu', 'sigmoid', 'relu6', 'linear'))
    .map(([m, k, n, activation]) => ({
      call: `fused.matMul([${m},${k}], [${k},${n}], [${n}], ${activation})`,
      shapes: [[m, k], [k, n], [n]],
      run: (a, b, bias) =>
        tf.fused.matMul({
          a: a as tf.Tensor,
          b: b as tf.Tensor,
          bias: bias as tf.Tensor,
          activation: activation as 'relu',
        }),
    })),
  einsum: fc
    .tuple(size(), size(), size(), fc.constantFrom(...EQUATIONS))
    .map(([i, j, k, equation]): OpCase => {
      const sizes: Readonly<Record<string, number>> = { i, j, k };
      const [left = ''] = equation.split('->');
      return {
        call: `einsum(${equation}, i ${i}, j ${j}, k ${k})`,
        shapes: left.split(',').map((term) => [...term].map((letter) => sizes[letter] ?? 1)),
        run: (a, b) => tf.einsum(equation, a as tf.Tensor, b as tf.Tensor),
        linear: true,
      };
    }),
  einsumOfOne: one(
    fc
      .constantFrom('ij->ji', 'ij->j', 'ij->i')
      .map((equation) => [[3, 4], `einsum ${equation}`, (x) => tf.einsum(equation, x)]),
    { linear: true },
  ),
  transpose: one(
    permuted.map(([shape, axes]) => [shape, `transpose ${axes}`, (x) => tf.transpose(x, axes)]),
  ),
  transposeTwice: one(
    permuted.map(([shape, axes]) => [
      shape,
      `transpose twice ${axes}`,
      (x) => tf.transpose(tf.square(tf.transpose(tf.transpose(x, axes), axes)), axes),
    ]),
  ),
  reshape: one(
    shapeOf(1, 4).map((shape) => [shape, 'reshape', (x) => tf.reshape(x, [-1, shape.at(-1) ?? 1])]),
  ),
  expandDims: one(
    shapeAndAxis.map(([shape, axis]) => [
      shape,
      `expandDims ${axis}`,
      (x) => tf.square(tf.expandDims(x, axis)),
    ]),
  ),
  slice: one(
    shapeAndAxis.map(([shape, axis]) => {
      const length = Math.max(1, (shape[axis] ?? 1) - 1);
      const begin = shape.map((size, at) => (at === axis ? size - length : 0));
      const sizes = shape.map((size, at) => (at === axis ? length : size));
      return [shape, `slice ${begin} ${sizes}`, (x) => tf.slice(x, begin, sizes)];
    }),
  ),
  stridedSlice: one(
    fc.tuple(shapeAndAxis, fc.constantFrom(-2, -1, 1, 2)).map(([[shape, axis], step]) => {
      const strides = shape.map((_, at) => (at === axis ? step : 1));
      const all = (1 << shape.length) - 1;
      const zeros = shape.map(() => 0);
      return [
        shape,
        `stridedSlice ${strides}`,
        (x) => tf.stridedSlice(x, zeros, zeros, strides, all, all),
      ];
    }),
    { differentiable: false },
  ),
  reverse: one(
    shapeAndAxis.map(([shape, axis]) => [shape, `reverse ${axis}`, (x) => tf.reverse(x, axis)]),
  ),
  pad: one(
    fc.tuple(shapeAndAxis, size(2, 0), size(2, 0)).map(([[shape, axis], before, after]) => [
      shape,
      `pad ${axis} ${before} ${after}`,
      (x) =>
        tf.pad(
          x,
          shape.map((_, at): [number, number] => (at === axis ? [before, after] : [0, 0])),
          0.5,
        ),
    ]),
  ),
  mirrorPad: one(
    fc.tuple(size(5, 3), size(2, 0), size(2, 0), size(2)).map(([length, before, after, by]) => [
      [2, length, 3],
      `mirrorPad ${before} ${after} ${by}`,
      (x) =>
        tf.mirrorPad(
          x,
          [
            [0, 0],
            [before, after],
            [by, by],
          ],
          'reflect',
        ),
    ]),
    { linear: true },
  ),
  tile: one(
    shapeAndAxis.map(([shape, axis]) => [
      shape,
      `tile ${axis}`,
      (x) =>
        tf.tile(
          x,
          shape.map((_, at) => (at === axis ? 3 : 1)),
        ),
    ]),
  ),
  broadcastTo: one(
    shapeAndAxis.map(([shape, axis]) => [
      shape.map((size, at) => (at === axis ? 1 : size)),
      `broadcastTo [${shape}]`,
      (x) => tf.broadcastTo(x, shape),
    ]),
  ),
  concat: fc.tuple(shapeAndAxis, size()).map(([[shape, axis], length]) => {
    const other = shape.map((size, at) => (at === axis ? length : size));
    return {
      call: `concat([${shape}], [${other}], ${axis})`,
      shapes: [shape, other],
      run: (a, b) => tf.concat([a as tf.Tensor, b as tf.Tensor], axis),
    };
  }),
  stack: one(
    shapeAndAxis.map(([shape, axis]) => [
      shape,
      `stack ${axis}`,
      (x) => tf.stack([x, tf.square(x)], axis),
    ]),
  ),
  unstack: one(
    shapeAndAxis.map(([lengths, axis]) => {
      // TensorFlow.js can't differentiate what it takes apart into one.
      const shape = lengths.map((size, at) => (at === axis ? size + 1 : size));
      return [
        shape,
        `unstack ${axis}`,
        (x) => tf.addN(tf.unstack(x, axis).map((part, at) => tf.mul(part, at + 1))),
      ];
    }),
  ),
  split: one(
    fc
      .tuple(size(3), size(3), size(3))
      .map(([rows, first, second]) => [
        [rows, first + second],
        `split ${first} ${second}`,
        (x) => tf.concat(tf.split(x, [first, second], 1).reverse().map(tf.square), 1),
      ]),
  ),
  gather: one(
    shapeAndAxis.chain(([shape, axis]) =>
      indices(shape[axis] ?? 1).map(
        (picked): readonly [number[], string, (x: tf.Tensor) => tf.Tensor] => [
          shape,
          `gather ${picked} along ${axis}`,
          (x) => tf.gather(x, tf.tensor1d(picked, 'int32'), axis),
        ],
      ),
    ),
  ),
  gatherNd: one(
    fc.tuple(size(), size()).chain(([rows, columns]) =>
      indices(rows).map((picked): readonly [number[], string, (x: tf.Tensor) => tf.Tensor] => [
        [rows, columns],
        `gatherND ${picked}`,
        (x) =>
          tf.gatherND(
            x,
            tf.tensor2d(
              picked.map((row) => [row, row % columns]),
              undefined,
              'int32',
            ),
          ),
      ]),
    ),
    { linear: true },
  ),
  scatterNd: one(
    indices(4).map((rows) => [
      [rows.length, 3],
      `scatterND ${rows}`,
      (x) =>
        tf.scatterND(
          tf.tensor2d(
            rows.map((row) => [row]),
            undefined,
            'int32',
          ),
          x,
          [4, 3],
        ),
    ]),
    { linear: true },
  ),
  unsortedSegmentSum: one(
    indices(5).map((ids) => [
      [ids.length, 2, 3],
      `unsortedSegmentSum ${ids}`,
      (x) => tf.unsortedSegmentSum(x, tf.tensor1d(ids, 'int32'), 5),
    ]),
  ),
  oneHot: one(
    indices(4).map((picked) => [
      [picked.length, 4],
      `oneHot ${picked}`,
      (x) => tf.mul(x, tf.oneHot(tf.tensor1d(picked, 'int32'), 4, 2, -1)),
    ]),
  ),
  topk: one(
    fc.tuple(size(3), size(6, 2), size(2)).map(([rows, columns, k]) => [
      [rows, columns],
      `topk ${k}`,
      (x) => {
        const { values, indices: places } = tf.topk(x, k);
        // Places weigh, so that they are compared too, and are constants for the gradient.
        return tf.mul(values, tf.add(tf.cast(places, 'float32'), 1));
      },
    ]),
    { linear: true },
  ),
  range: one(
    size(6).map((length) => [
      [length],
      'range',
      (x) => tf.mul(x, tf.range(0, length * 0.5, 0.5, 'float32')),
    ]),
  ),
};
