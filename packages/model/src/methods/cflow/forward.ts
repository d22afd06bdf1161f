/**
 * @file CFLOW's conditional flow of one level (Gudovskiy et al., WACV 2022, section 4, as released): how likely a feature
 * vector is at its place. L places, C channels, D of a place's code.
 */
import { CFLOW_CONDITION } from '@plumbline/contracts';
import {
  add,
  matMul,
  mul,
  relu,
  reshape,
  square,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { couplingForward, type Flowed, type Mixing, randomMixing } from '../../nn/coupling.ts';
import { linear } from '../../nn/layers.ts';
import { sinePositionEmbedding } from '../../nn/position-embedding.ts';
import type { Weights } from '../../nn/weights.ts';
import type { Streams } from '../../training/streams.ts';
import { blockName } from './parameters.ts';

const CLAMP = 1.9;

/** How each block mixes the channels. */
export function flowMixings(
  kind: Mixing['kind'],
  { channels, blocks }: { readonly channels: number; readonly blocks: number },
  random: Streams,
): Mixing[] {
  return Array.from({ length: blocks }, (_, block) =>
    randomMixing(kind, channels, random('mixing', block)),
  );
}

/** Codes of the places, f32 `[L, D]`. */
export function placeCodes(grid: number): Float32Array {
  return sinePositionEmbedding(grid, CFLOW_CONDITION);
}

/**
 * @param x f32 `[…, C]`.
 * @param codes Of the places, f32 `[…, D]`, broadcast over what is before.
 */
export function flow(
  mixings: readonly Mixing[],
  weights: Weights,
  x: Tensor,
  codes: Tensor,
): Flowed {
  let values = x;
  const logDeterminants = mixings.map((mixing, block) => {
    const next = couplingForward(
      { clamp: CLAMP, mixing, subnet: (own, kept) => subnet(own, kept, codes) },
      weights.at(blockName(block)),
      values,
    );
    values = next.values;
    return next.logDeterminants;
  });
  return { values, logDeterminants: logDeterminants.reduce((total, own) => add(total, own)) };
}

/** Two linear layers, ReLU between them; the first reads the kept channels and the place's code. */
function subnet(weights: Weights, kept: Tensor, codes: Tensor): Tensor {
  const hidden = weights.at('hidden');
  const matrix = hidden.tensor('weight'); // [hidden, K]
  const [width = 1, inputs = 1] = matrix.shape;
  const rows = matMul(reshape(kept, [-1, inputs]), matrix, false, true);
  const ofPlace = linear(codes, hidden.tensor('condition'), hidden.tensor('bias'));
  const both = add(reshape(rows, [...kept.shape.slice(0, -1), width]), ofPlace);
  return weights.linear('out', relu(both));
}

/** log p of each vector, by channel: (−C/2·ln 2π − ½‖z‖² + log|det|) / C, f32 `[…]`. */
export function logDensities({ values, logDeterminants }: Flowed): Tensor {
  const channels = values.shape.at(-1) ?? 1;
  const ofNormal = sub(mul(sum(square(values), -1), -0.5), (channels / 2) * Math.log(2 * Math.PI));
  return mul(add(ofNormal, logDeterminants), 1 / channels);
}
