/**
 * @file INP-Former's network (Luo et al., CVPR 2025, as released): a few tokens become the image's own prototypes, and a decoder
 * whose layers let nothing through but mixtures of them rebuilds the maps. N images, T patches, K prototypes, C channels, H heads, e = C/H.
 */
import {
  add,
  div,
  matMul,
  max,
  mean,
  mul,
  relu,
  reshape,
  slice,
  softmax,
  split,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  transpose,
} from '@tensorflow/tfjs-core';
import type { Weights } from '../../nn/weights.ts';
import { EPSILON, perceptron } from '../rebuilding-layers.ts';
import { rebuiltOf } from '../rebuilt-maps.ts';
import type { InpNetwork } from './parameters.ts';

export interface InpOutput {
  /** For each map f32 `[N, T, C]`. */
  readonly rebuilt: readonly Tensor[];
  /** Of each image, f32 `[N, K, C]`. */
  readonly prototypes: Tensor;
}

/** @param weights As `inpFormerParameters(network)`. @param input f32 `[N, T, C]`. */
export function inpFormerForward(weights: Weights, input: Tensor, network: InpNetwork): InpOutput {
  const prototypes = extractPrototypes(weights, input, network);
  let x = perceptron(weights.at('bottleneck'), input);
  const outputs: Tensor[] = [];
  for (let index = 0; index < network.layers; index++) {
    x = decoderLayer(weights.at(`decoder.${index}`), x, prototypes, network.heads);
    outputs.push(x);
  }
  return { rebuilt: rebuiltOf(outputs, network), prototypes };
}

/** The tokens look at the patches. @returns f32 `[N, K, C]`. */
export function extractPrototypes(weights: Weights, input: Tensor, { heads }: InpNetwork): Tensor {
  const layer = weights.at('extractor');
  // What is learned once is repeated for each image by adding zeros.
  const none = mul(slice(input, [0, 0, 0], [input.shape[0] ?? 1, 1, 1]), 0);
  const tokens = add(weights.tensor('prototypes'), none); // [N, K, C]
  const [q, k, v] = projections(layer.at('attn'), layer.layerNorm('norm1', tokens, EPSILON), {
    seen: layer.layerNorm('norm1', input, EPSILON),
    heads,
  });
  const e = q.shape.at(-1) ?? 1;
  const shares = softmax(matMul(mul(q, 1 / Math.sqrt(e)), k, false, true)); // [N, H, K, T]
  const x = add(tokens, layer.linear('attn.proj', joinHeads(matMul(shares, v))));
  return add(x, perceptron(layer.at('mlp'), layer.layerNorm('norm2', x, EPSILON)));
}

/** Without the first residual, so that what a patch is beside its prototypes can't go on. */
export function decoderLayer(layer: Weights, x: Tensor, prototypes: Tensor, heads: number): Tensor {
  const attention = layer.at('attn');
  const [q, k, v] = projections(attention, layer.layerNorm('norm1', x, EPSILON), {
    ...{ seen: layer.layerNorm('norm1', prototypes, EPSILON), heads },
  });
  const scale = reshape(attention.tensor('scale'), [1, heads, 1, 1]);
  const logits = mul(matMul(unit(q), unit(k), false, true), scale); // [N, H, T, K]
  const y = attention.linear('proj', joinHeads(matMul(relu(logits), v)));
  return add(y, perceptron(layer.at('mlp'), layer.layerNorm('norm2', y, EPSILON)));
}

/** Query, key and value: f32 `[N, H, rows, e]`. @param layer With `q` and `kv`. */
function projections(
  layer: Weights,
  x: Tensor,
  { seen, heads }: { readonly seen: Tensor; readonly heads: number },
): [Tensor, Tensor, Tensor] {
  const [key, value] = split(layer.linear('kv', seen), 2, 2) as [Tensor, Tensor];
  return [
    splitHeads(layer.linear('q', x), heads),
    splitHeads(key, heads),
    splitHeads(value, heads),
  ];
}

function splitHeads(x: Tensor, heads: number): Tensor {
  const [n = 1, rows = 1, channels = 1] = x.shape;
  return transpose(reshape(x, [n, rows, heads, channels / heads]), [0, 2, 1, 3]);
}

/** `[N, H, rows, e]` → `[N, rows, C]`. */
function joinHeads(x: Tensor): Tensor {
  const [n = 1, heads = 1, rows = 1, e = 1] = x.shape;
  return reshape(transpose(x, [0, 2, 1, 3]), [n, rows, heads * e]);
}

/** Of length 1 along the last axis; PyTorch's ε of 1e-12 for what has none. */
function unit(x: Tensor): Tensor {
  return div(x, sqrt(add(sum(square(x), -1, true), 1e-24)));
}

/** Mean over patches of 1 − cos to the nearest prototype. @param input f32 `[N, T, C]`. @returns Scalar. */
export function coherence(input: Tensor, prototypes: Tensor): Tensor {
  return sub(1, mean(max(matMul(unit(input), unit(prototypes), false, true), -1)));
}
