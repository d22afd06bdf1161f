/**
 * @file The coupling block of normalizing flows as FrEIA's `AllInOneBlock` has it (Ardizzone et al. 2018; Dinh et al. 2017,
 * Kingma and Dhariwal 2018): an affine coupling, a global affine map, and a fixed mixing of the channels. An invertible
 * map of C channels at each place whose log-determinant is known.
 */
import {
  add,
  concat,
  customGrad,
  div,
  exp,
  gather,
  log,
  matMul,
  mul,
  reshape,
  slice,
  softplus,
  split,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  tensor1d,
} from '@tensorflow/tfjs-core';
import type { ParameterSpec } from './parameters.ts';
import type { RandomStream } from './random.ts';
import { randomRotation } from './random-rotation.ts';
import type { Weights } from './weights.ts';

/** Of what the subnet gives: near 0, a block begins as little more than its mixing. */
const SUBNET_SCALE = 0.1;
/** g = 0.1·softplus(γ) with β = ½, that is 0.2·log(1 + e^(γ/2)). */
const GLOBAL_SCALE = 0.2;
/** γ at which g is 1. */
const UNIT_SCALE = 2 * Math.log(Math.exp(5) - 1);

/** How the channels of a block are mixed at its end. It is never learned. */
export type Mixing =
  /** y = W·x: f32 `[C, C]`, orthogonal. */
  | { readonly kind: 'soft'; readonly rotation: Float32Array }
  /** y[i] = x[order[i]]. */
  | { readonly kind: 'hard'; readonly order: Int32Array };

export function randomMixing(kind: Mixing['kind'], channels: number, random: RandomStream): Mixing {
  return kind === 'soft'
    ? { kind, rotation: randomRotation(channels, random) }
    : { kind, order: random.permutation(channels) };
}

export interface CouplingBlock {
  /** Bounds the logarithms of the scales. */
  readonly clamp: number;
  readonly mixing: Mixing;
  /** The first C − ⌊C/2⌋ channels to 2·⌊C/2⌋ ones: scales, then shifts. f32 `[…, C − ⌊C/2⌋]`. */
  subnet(weights: Weights, kept: Tensor): Tensor;
}

/** `scale` γ and `offset` b, `[C]`; those of the subnet come beside them. */
export function globalSpecs(name: string, channels: number): ParameterSpec[] {
  return [
    {
      name: `${name}.scale`,
      shape: [channels],
      initializer: { kind: 'constant', value: UNIT_SCALE },
    },
    { name: `${name}.offset`, shape: [channels], initializer: { kind: 'zeros' } },
  ];
}

export interface Flowed {
  /** f32 `[…, C]`. */
  readonly values: Tensor;
  /** log |det ∂values/∂x| of each place, f32 `[…]`. */
  readonly logDeterminants: Tensor;
}

/** @param x f32 `[…, C]`, each place by itself but for what the subnet sees. */
export function couplingForward(block: CouplingBlock, weights: Weights, x: Tensor): Flowed {
  const [kept, changed] = halves(x);
  const { logScales, shifts } = affineOf(block, weights, kept);
  const coupled = concat([kept, add(mul(changed, exp(logScales)), shifts)], -1);
  const scale = globalScale(weights);
  const values = mixed(block.mixing, add(mul(coupled, scale), weights.tensor('offset')));
  return { values, logDeterminants: add(sum(logScales, -1), sum(log(scale))) };
}

/** What `couplingForward` was given. @param values f32 `[…, C]`. */
export function couplingInverse(block: CouplingBlock, weights: Weights, values: Tensor): Tensor {
  const centered = sub(unmixed(block.mixing, values), weights.tensor('offset'));
  const [kept, changed] = halves(div(centered, globalScale(weights)));
  const { logScales, shifts } = affineOf(block, weights, kept);
  return concat([kept, mul(sub(changed, shifts), exp(mul(logScales, -1)))], -1);
}

function halves(x: Tensor): [kept: Tensor, changed: Tensor] {
  const channels = x.shape.at(-1) ?? 1;
  const half = Math.floor(channels / 2);
  return split(x, [channels - half, half], -1) as [Tensor, Tensor];
}

function affineOf({ subnet, clamp }: CouplingBlock, weights: Weights, kept: Tensor) {
  const given = mul(subnet(weights, kept), SUBNET_SCALE);
  const half = (given.shape.at(-1) ?? 2) / 2;
  const start = given.shape.map(() => 0);
  const size = [...given.shape.slice(0, -1), half];
  return {
    logScales: mul(tanh(slice(given, start, size)), clamp),
    shifts: slice(given, [...start.slice(0, -1), half], size),
  };
}

function globalScale(weights: Weights): Tensor {
  return mul(softplus(mul(weights.tensor('scale'), 0.5)), GLOBAL_SCALE);
}

function mixed(mixing: Mixing, x: Tensor): Tensor {
  return mixing.kind === 'soft'
    ? rotated(x, mixing.rotation, true)
    : reordered(x, mixing.order, inverseOrder(mixing.order));
}

function unmixed(mixing: Mixing, x: Tensor): Tensor {
  return mixing.kind === 'soft'
    ? rotated(x, mixing.rotation, false)
    : reordered(x, inverseOrder(mixing.order), mixing.order);
}

/** x·Wᵀ, or x·W. */
function rotated(x: Tensor, rotation: Float32Array, transpose: boolean): Tensor {
  const size = x.shape.at(-1) ?? 1;
  const rows = reshape(x, [-1, size]);
  return reshape(matMul(rows, tensor(rotation, [size, size]), false, transpose), x.shape);
}

/** The gradient of an order is the inverse order, not a sum of slices. */
function reordered(x: Tensor, order: Int32Array, inverse: Int32Array): Tensor {
  const take = (values: Tensor, places: Int32Array) =>
    gather(values, tensor1d(places, 'int32'), values.rank - 1);
  return customGrad((values) => ({
    value: take(values as Tensor, order),
    gradFunc: (gradient: Tensor) => take(gradient, inverse),
  }))(x);
}

function inverseOrder(order: Int32Array): Int32Array {
  const inverse = new Int32Array(order.length);
  for (const [to, from] of order.entries()) inverse[from] = to;
  return inverse;
}
