/**
 * @file Dinomaly's network (Guo et al., CVPR 2025, as released): a bottleneck that dropout makes noisy, and a decoder of plain
 * layers with linear attention. N images, L tokens, C channels.
 */
import { type MapNetwork, mapTokens } from '@plumbline/contracts';
import { add, type Tensor } from '@tensorflow/tfjs-core';
import { type Dropout, dropoutNumbers } from '../../nn/dropout.ts';
import { gelu } from '../../nn/layers.ts';
import type { Weights } from '../../nn/weights.ts';
import { EPSILON, perceptron } from '../rebuilding-layers.ts';
import { rebuiltOf } from '../rebuilt-maps.ts';
import { linearAttention } from './linear-attention.ts';

/**
 * Rebuilds the maps.
 * @param weights As `dinomalyParameters(network)`.
 * @param input f32 `[N, L, C]`.
 * @param dropout With `bottleneckNumbers` numbers; null when the network is only used.
 * @returns For each map f32 `[N, T, C]`.
 */
export function dinomalyForward(
  weights: Weights,
  input: Tensor,
  network: MapNetwork,
  dropout: Dropout | null = null,
): Tensor[] {
  const left = (x: Tensor) => dropout?.apply(x) ?? x;
  const bottleneck = weights.at('bottleneck');
  const hidden = left(gelu(bottleneck.linear('fc1', left(input))));
  let x = left(bottleneck.linear('fc2', hidden));
  const outputs: Tensor[] = [];
  for (let index = 0; index < network.layers; index++) {
    x = decoderLayer(weights.at(`decoder.${index}`), x, network.heads);
    outputs.push(x);
  }
  return rebuiltOf(outputs, network);
}

function decoderLayer(layer: Weights, x: Tensor, heads: number): Tensor {
  const seen = linearAttention(layer.at('attn'), layer.layerNorm('norm1', x, EPSILON), heads);
  const y = add(x, seen);
  return add(y, perceptron(layer.at('mlp'), layer.layerNorm('norm2', y, EPSILON)));
}

/** Numbers that the dropout of a step takes. @param images N. */
export function bottleneckNumbers(network: MapNetwork, images: number): number {
  const { channels } = network;
  const outer = [images, mapTokens(network)];
  return 2 * dropoutNumbers([...outer, channels]) + dropoutNumbers([...outer, 4 * channels]);
}
