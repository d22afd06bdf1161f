/** @file Random calls of elementwise operations and reductions. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {
  broadcastPair,
  type CaseArbitrary,
  type OpCase,
  shapeAndAxis,
  shapeOf,
} from './op-case.ts';

type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
type Range = readonly [number, number];

function unary(call: string, run: Unary, range?: Range, differentiable = true): CaseArbitrary {
  return shapeOf(0, 4).map((shape) => ({
    call: `${call}([${shape}])`,
    shapes: [shape],
    run: run as OpCase['run'],
    differentiable,
    ...(range === undefined ? {} : { range }),
  }));
}

function binary(call: string, run: Binary, range?: Range, differentiable = true): CaseArbitrary {
  return broadcastPair.map(([a, b]) => ({
    call: `${call}([${a}], [${b}])`,
    shapes: [a, b],
    run: run as OpCase['run'],
    differentiable,
    ...(range === undefined ? {} : { range }),
  }));
}

/** Both of one shape: TensorFlow.js' gradients of these don't broadcast. */
function alike(call: string, run: Binary): CaseArbitrary {
  return shapeOf(0, 4).map((shape) => ({
    call: `${call}([${shape}], [${shape}])`,
    shapes: [shape, shape],
    run: run as OpCase['run'],
  }));
}

function reduction(
  call: string,
  run: (x: tf.Tensor, axis: number, keepDims: boolean) => tf.Tensor,
  differentiable = true,
): CaseArbitrary {
  return fc.tuple(shapeAndAxis, fc.boolean()).map(([[shape, axis], keepDims]) => ({
    call: `${call}([${shape}], ${axis}, ${keepDims})`,
    shapes: [shape],
    run: (x) => run(x as tf.Tensor, axis, keepDims),
    differentiable,
  }));
}

const asFloat = (x: tf.Tensor) => tf.cast(x, 'float32');
/** Few distinct values, so that comparisons find equal ones. */
const coarse = (x: tf.Tensor) => tf.round(x);

function comparison(call: string, compare: Binary): CaseArbitrary {
  return binary(call, (a, b) => asFloat(compare(coarse(a), coarse(b))), undefined, false);
}

export const ELEMENTWISE_CASES: Readonly<Record<string, CaseArbitrary>> = {
  abs: unary('abs', tf.abs),
  acos: unary('acos', tf.acos, [-0.9, 0.9]),
  acosh: unary('acosh', tf.acosh, [1.1, 3]),
  asin: unary('asin', tf.asin, [-0.9, 0.9]),
  asinh: unary('asinh', tf.asinh),
  atan: unary('atan', tf.atan),
  atanh: unary('atanh', tf.atanh, [-0.9, 0.9]),
  ceil: unary('ceil', tf.ceil),
  clipByValue: unary('clipByValue', (x) => tf.clipByValue(x, -1, 1)),
  cos: unary('cos', tf.cos),
  cosh: unary('cosh', tf.cosh),
  elu: unary('elu', tf.elu),
  erf: unary('erf', tf.erf),
  exp: unary('exp', tf.exp),
  expm1: unary('expm1', tf.expm1),
  floor: unary('floor', tf.floor),
  isFinite: unary('isFinite', (x) => asFloat(tf.isFinite(tf.log(x))), undefined, false),
  isInf: unary('isInf', (x) => asFloat(tf.isInf(tf.div(x, tf.relu(x)))), undefined, false),
  isNaN: unary('isNaN', (x) => asFloat(tf.isNaN(tf.sqrt(x))), undefined, false),
  leakyRelu: unary('leakyRelu', (x) => tf.leakyRelu(x, 0.3)),
  log: unary('log', tf.log, [0.1, 3]),
  log1p: unary('log1p', tf.log1p, [-0.8, 3]),
  logSigmoid: unary('logSigmoid', tf.logSigmoid),
  neg: unary('neg', tf.neg),
  reciprocal: unary('reciprocal', tf.reciprocal, [0.5, 2]),
  relu: unary('relu', tf.relu),
  relu6: unary('relu6', tf.relu6, [-3, 9]),
  round: unary('round', tf.round),
  rsqrt: unary('rsqrt', tf.rsqrt, [0.1, 3]),
  selu: unary('selu', tf.selu),
  sigmoid: unary('sigmoid', tf.sigmoid),
  sign: unary('sign', tf.sign),
  sin: unary('sin', tf.sin),
  sinh: unary('sinh', tf.sinh),
  softplus: unary('softplus', tf.softplus),
  sqrt: unary('sqrt', tf.sqrt, [0.1, 3]),
  square: unary('square', tf.square),
  step: unary('step', (x) => tf.step(x, 0.25)),
  tan: unary('tan', tf.tan, [-1.2, 1.2]),
  tanh: unary('tanh', tf.tanh),
  // gelu of its pieces, as methods write it.
  gelu: unary('gelu', (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1))),

  add: binary('add', tf.add),
  sub: binary('sub', tf.sub),
  mul: binary('mul', tf.mul),
  div: binary('div', tf.div, [0.5, 2]),
  floorDiv: binary('floorDiv', tf.floorDiv, [0.5, 3]),
  maximum: alike('maximum', tf.maximum),
  maximumBroadcast: binary('maximum', tf.maximum, undefined, false),
  minimum: alike('minimum', tf.minimum),
  minimumBroadcast: binary('minimum', tf.minimum, undefined, false),
  mod: binary('mod', tf.mod, [0.5, 3]),
  pow: binary('pow', tf.pow, [0.5, 2]),
  prelu: binary('prelu', (x, y) => tf.prelu(tf.add(x, tf.mul(y, 0)), y)),
  squaredDifference: alike('squaredDifference', tf.squaredDifference),
  squaredDifferenceBroadcast: binary('squaredDifference', tf.squaredDifference, undefined, false),
  where: alike('where', (a, b) => {
    // TensorFlow.js asks for the gradient of the condition, so it may not depend on the inputs.
    const condition = tf.equal(tf.mod(tf.range(0, a.size, 1, 'int32'), 2), 0);
    return tf.where(tf.reshape(condition, a.shape), tf.square(a), tf.mul(b, 3));
  }),
  whereBroadcast: binary(
    'where',
    (a, b) => tf.where(tf.greater(a, b), tf.square(a), tf.mul(b, 3)),
    undefined,
    false,
  ),
  equal: comparison('equal', tf.equal),
  notEqual: comparison('notEqual', tf.notEqual),
  greater: comparison('greater', tf.greater),
  greaterEqual: comparison('greaterEqual', tf.greaterEqual),
  less: comparison('less', tf.less),
  lessEqual: comparison('lessEqual', tf.lessEqual),
  logical: binary(
    'logical',
    (a, b) => {
      const [p, q] = [tf.greater(a, 0), tf.greater(b, 0)];
      const both = tf.logicalOr(tf.logicalAnd(p, tf.logicalNot(q)), tf.logicalXor(p, q));
      return asFloat(both);
    },
    undefined,
    false,
  ),

  sum: reduction('sum', tf.sum),
  mean: reduction('mean', tf.mean),
  max: reduction('max', tf.max),
  min: reduction('min', tf.min),
  prod: reduction('prod', tf.prod, false),
  logSumExp: reduction('logSumExp', tf.logSumExp),
  all: reduction('all', (x, axis, keep) => asFloat(tf.all(tf.greater(x, -1), axis, keep)), false),
  any: reduction('any', (x, axis, keep) => asFloat(tf.any(tf.greater(x, 1), axis, keep)), false),
  argMax: reduction('argMax', (x, axis) => asFloat(tf.argMax(x, axis)), false),
  argMin: reduction('argMin', (x, axis) => asFloat(tf.argMin(x, axis)), false),
  softmax: shapeOf(1, 4).map((shape) => ({
    call: `softmax([${shape}])`,
    shapes: [shape],
    run: (x) => tf.softmax(x as tf.Tensor),
  })),
  logSoftmax: shapeOf(1, 4).map((shape) => ({
    call: `logSoftmax([${shape}])`,
    shapes: [shape],
    run: (x) => tf.logSoftmax(x as tf.Tensor),
  })),
  cumsum: fc
    .tuple(shapeAndAxis, fc.boolean(), fc.boolean())
    .map(([[shape, axis], exclusive, reverse]) => ({
      call: `cumsum([${shape}], ${axis}, ${exclusive}, ${reverse})`,
      shapes: [shape],
      run: (x) => tf.cumsum(x as tf.Tensor, axis, exclusive, reverse),
      // Its gradient in TensorFlow.js is right along the last axis only.
      differentiable: axis === shape.length - 1,
    })),
};
