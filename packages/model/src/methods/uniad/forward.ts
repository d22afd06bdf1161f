/**
 * @file UniAD's network: features in, features rebuilt by learned queries out (You et al. 2022, section 3, as released).
 * N images, T = grid² tokens row by row, C channels, d width. Every attention adds positions to queries and keys, never to
 * values, and can't see the neighborhood of its own token.
 */
import type { UniadNetwork } from '@plumbline/contracts';
import {
  add,
  broadcastTo,
  concat,
  mul,
  relu,
  reshape,
  slice,
  type Tensor,
  tensor,
} from '@tensorflow/tfjs-core';
import { multiHeadAttention } from '../../nn/attention.ts';
import { type Dropout, dropoutNumbers } from '../../nn/dropout.ts';
import type { Weights } from '../../nn/weights.ts';
import { windowMask } from '../../nn/window-mask.ts';

/** What is the same for every layer. */
interface Transformer {
  readonly network: UniadNetwork;
  /** f32 `[1, T, d]`. */
  readonly position: Tensor;
  readonly mask: Tensor | null;
  /** In training, where there is any. */
  readonly dropout: Dropout | null;
}

/**
 * Rebuilds tokens.
 * @param weights As `uniadParameters(network)`.
 * @param tokens f32 `[N, T, C]`.
 * @param dropout With `networkDropoutNumbers` numbers; null when the network is only used.
 * @returns f32 `[N, T, C]`.
 */
export function uniadForward(
  weights: Weights,
  tokens: Tensor,
  network: UniadNetwork,
  dropout: Dropout | null = null,
): Tensor {
  const { grid, neighborMask } = network;
  const transformer: Transformer = {
    ...{ network, dropout },
    position: positionEmbedding(weights.at('pos_embed'), network),
    mask:
      neighborMask === 0
        ? null
        : tensor(windowMask(grid, neighborMask, false), [1, grid ** 2, grid ** 2]),
  };
  const memory = encode(weights.at('encoder'), weights.linear('input_proj', tokens), transformer);
  const none = mul(slice(tokens, [0, 0, 0], [tokens.shape[0] ?? 1, 1, 1]), 0); // [N, 1, 1]
  const rebuilt = decode(weights.at('decoder'), { memory, none }, transformer);
  return weights.linear('output_proj', weights.layerNorm('decoder.norm', rebuilt));
}

/** The column's embedding, then the row's: f32 `[1, T, d]`. */
function positionEmbedding(weights: Weights, { grid, width }: UniadNetwork): Tensor {
  const half = width / 2;
  const along = (name: string, shape: [number, number, number]) =>
    broadcastTo(reshape(weights.tensor(name), shape), [grid, grid, half]);
  const both = concat(
    [along('col_embed', [1, grid, half]), along('row_embed', [grid, 1, half])],
    2,
  );
  return reshape(both, [1, grid ** 2, width]);
}

function encode(weights: Weights, x: Tensor, transformer: Transformer): Tensor {
  let z = x;
  for (let layer = 0; layer < transformer.network.layers; layer++)
    z = encodeLayer(weights.at(String(layer)), z, transformer);
  return z;
}

export function encodeLayer(layer: Weights, z: Tensor, transformer: Transformer): Tensor {
  const seen = attend(layer.at('self_attn'), z, z, transformer);
  const u = residual(layer, 'norm1', z, seen, transformer);
  return residual(layer, 'norm2', u, feedForward(layer, u, transformer), transformer);
}

interface Encoded {
  /** What the encoder gives, f32 `[N, T, d]`. */
  readonly memory: Tensor;
  /** Zeros, f32 `[N, 1, 1]`: what is learned once is repeated for each image by adding them. */
  readonly none: Tensor;
}

/**
 * With queries of each layer: they look at the memory, then at what the layer before gave (the first: at the memory
 * again), so that no image is in the residuals. With one set of queries: they look at themselves, then at the memory.
 */
function decode(weights: Weights, { memory, none }: Encoded, transformer: Transformer): Tensor {
  const { layers, queries } = transformer.network;
  const learned = (part: Weights) => add(part.tensor('learned_embed'), none); // [N, T, d]
  let before = queries === 'layers' ? memory : learned(weights);
  for (let index = 0; index < layers; index++) {
    const layer = weights.at(String(index));
    before =
      queries === 'layers'
        ? decodeLayer(
            layer,
            { queries: learned(layer), first: memory, second: before },
            transformer,
          )
        : decodeLayer(layer, { queries: before, first: before, second: memory }, transformer);
  }
  return before;
}

/** What a decoder layer's queries are, and what they look at. */
interface Looking {
  readonly queries: Tensor;
  readonly first: Tensor;
  readonly second: Tensor;
}

function decodeLayer(layer: Weights, looking: Looking, transformer: Transformer): Tensor {
  const { queries, first, second } = looking;
  const seen = attend(layer.at('self_attn'), queries, first, transformer);
  const t = residual(layer, 'norm1', queries, seen, transformer);
  const more = attend(layer.at('multihead_attn'), t, second, transformer);
  const u = residual(layer, 'norm2', t, more, transformer);
  return residual(layer, 'norm3', u, feedForward(layer, u, transformer), transformer);
}

/** What the queries see of the others. */
function attend(
  layer: Weights,
  queries: Tensor,
  others: Tensor,
  { network, position, mask, dropout }: Transformer,
): Tensor {
  const inputs = {
    query: add(queries, position),
    key: add(others, position),
    value: others,
    mask,
    dropout,
  };
  return multiHeadAttention({ layer, inputs }, network.heads);
}

/** LN(x + dropout(y)). */
function residual(
  layer: Weights,
  norm: string,
  x: Tensor,
  y: Tensor,
  { dropout }: Pick<Transformer, 'dropout'>,
): Tensor {
  return layer.layerNorm(norm, add(x, dropout?.apply(y) ?? y));
}

function feedForward(layer: Weights, x: Tensor, { dropout }: Transformer): Tensor {
  const hidden = relu(layer.linear('linear1', x));
  return layer.linear('linear2', dropout?.apply(hidden) ?? hidden);
}

/** Numbers that the dropout of a step takes, for all layers. @param images N. */
export function networkDropoutNumbers(
  { grid, width, layers, heads, hidden }: UniadNetwork,
  images: number,
): number {
  const tokens = grid ** 2;
  const attention =
    dropoutNumbers([heads, images, tokens, tokens]) + dropoutNumbers([images, tokens, width]);
  const rest = dropoutNumbers([images, tokens, hidden]) + dropoutNumbers([images, tokens, width]);
  // An attention of the encoder and two of the decoder, a feed-forward part of each.
  return layers * (3 * attention + 2 * rest);
}
