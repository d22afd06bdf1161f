/**
 * @file RLR's network: features in, features reconstructed from the learnable reference out. He et al., ECCV 2024,
 * section 3, as released. N batch, L = grid² tokens, C channels, d width.
 */
import { RLR_BLOCKS } from '@plumbline/contracts';
import {
  add,
  addN,
  concat,
  max,
  mean,
  mul,
  reshape,
  slice,
  softmax,
  type Tensor,
  tensor,
} from '@tensorflow/tfjs-core';
import {
  type AttentionInputs,
  multiHeadAttention,
  projectTogether,
  type WeightedAttention,
} from '../../nn/attention.ts';
import { gelu, linear } from '../../nn/layers.ts';
import { type LocalWindows, localWindows } from '../../nn/local-attention.ts';
import type { Parameters } from '../../nn/parameters.ts';
import { sinePositionEmbedding } from '../../nn/position-embedding.ts';
import { Weights } from '../../nn/weights.ts';
import { windowMask } from '../../nn/window-mask.ts';
import { emitsForDevice } from '../../trace/index.ts';
import type { BlockName, RlrNetworkConfig } from './config.ts';
import { usesReference } from './parameters.ts';

/** Weight of a block's output when the gate is `none`: cross attention counts twice (section 3.3, α = 2). */
const CONSTANT_GATES: Readonly<Record<BlockName, number>> = {
  mca: 2,
  ca: 2,
  msa: 1,
  nsa: 1,
  sa: 1,
};

/** What is the same for every layer. */
interface Encoder {
  readonly config: RlrNetworkConfig;
  /** The reference maps, embedded, `[1, L, d]` each. */
  readonly references: readonly Tensor[];
  readonly inside: Tensor | LocalWindows;
  readonly outside: Tensor;
}

/**
 * Reconstructs tokens.
 * @param parameters As `rlrParameters(config)`.
 * @param tokens f32 `[N, L, C]`.
 * @returns f32 `[N, L, C]`.
 */
export function rlrForward(
  parameters: Parameters,
  tokens: Tensor,
  config: RlrNetworkConfig,
): Tensor {
  const weights = new Weights(parameters);
  const length = config.grid * config.grid;
  const position = tensor(sinePositionEmbedding(config.grid, config.width), [
    1,
    length,
    config.width,
  ]);
  const mask = (inside: boolean) =>
    tensor(windowMask(config.grid, config.window, inside), [1, length, length]);
  const encoder: Encoder = {
    config,
    inside: localWindows(config.grid, config.window) ?? mask(true),
    outside: mask(false),
    references: usesReference(config) ? embedReferences(weights, position, config) : [],
  };
  let z = add(embed(weights.at('embedding'), tokens), position); // [N, L, d]
  for (let layer = 0; layer < config.layers; layer++) {
    const gates = layerGates(weights.at('encoder'), layer, z, config);
    z = encodeLayer(weights.at(`encoder.encode_layers.${layer}`), z, gates, encoder);
  }
  return weights.linear('projection', weights.layerNorm('encoder.norm', z));
}

/** Conv1d with kernel 1, `[N, L, C]` → `[N, L, d]`. */
function embed(layer: Weights, tokens: Tensor): Tensor {
  const project = layer.at('project_embedding.project');
  const weight = project.tensor('weight');
  const [d = 1, channels = 1] = weight.shape;
  return linear(tokens, reshape(weight, [d, channels]), project.tensor('bias'));
}

/** The reference maps, embedded: `referenceLength` tensors `[1, L, d]`. */
function embedReferences(weights: Weights, position: Tensor, config: RlrNetworkConfig): Tensor[] {
  const length = config.grid * config.grid;
  const embedded = embed(weights.at('ref_mca_embedding'), weights.tensor('ref_mca'));
  return Array.from({ length: config.referenceLength }, (_, index) => {
    const part =
      config.referenceLength === 1
        ? embedded
        : slice(embedded, [0, index * length, 0], [1, length, config.width]);
    return add(part, position);
  });
}

/** z' = LN2(u + FFN(u)), u = LN1(Σ gate·attention): no residual around the attention, so nothing can be copied. */
function encodeLayer(
  layer: Weights,
  z: Tensor,
  gates: readonly (Tensor | number)[],
  encoder: Encoder,
): Tensor {
  const blocks = blocksOf(encoder.config).map((block) =>
    attentionsOf(block, z, encoder).map((inputs) => ({ layer: layer.at(block), inputs })),
  );
  const all = blocks.flat();
  const projected = emitsForDevice() ? projectTogether(all) : [];
  const attend = (attention: WeightedAttention) =>
    multiHeadAttention(attention, encoder.config.heads, projected[all.indexOf(attention)]);
  const outputs = blocks.map((attentions, index) =>
    mul(addN(attentions.map(attend)), gates[index] as Tensor | number),
  );
  const u = layer.layerNorm('norm1', addN(outputs));
  const hidden = gelu(layer.linear('ffn.fc1', u));
  return layer.layerNorm('norm2', add(u, layer.linear('ffn.fc2', hidden)));
}

function blocksOf(config: RlrNetworkConfig): BlockName[] {
  return RLR_BLOCKS.filter((block) => config.blocks.includes(block));
}

/** What a block attends to: as many attentions as it sees reference maps; their sum is its output. */
function attentionsOf(block: BlockName, z: Tensor, encoder: Encoder): AttentionInputs[] {
  const { config, references, inside, outside } = encoder;
  // The released code shadows its loop variable, so that all blocks but mca see the last reference only.
  const seen =
    config.referenceMode === 'released' && block !== 'mca' ? references.slice(-1) : references;
  const attention = (key: Tensor, value: Tensor, mask: AttentionInputs['mask']) => ({
    ...{ query: z, key, value, mask },
  });
  switch (block) {
    case 'mca':
      return seen.map((e) => attention(e, e, inside));
    case 'ca':
      return seen.map((e) => attention(e, e, null));
    case 'nsa':
      return seen.map((e) => attention(e, z, outside));
    case 'msa':
      return [attention(z, z, outside)];
    case 'sa':
      return [attention(z, z, null)];
  }
}

/** One gate per block: a number, a scalar parameter, or `[N, 1, 1]` from the gate network on `[mean z ; max z]`. */
function layerGates(
  encoder: Weights,
  layer: number,
  z: Tensor,
  config: RlrNetworkConfig,
): readonly (Tensor | number)[] {
  const blocks = blocksOf(config);
  if (config.gate === 'none') return blocks.map((block) => CONSTANT_GATES[block]);
  if (config.gate === 'gate') {
    const table = encoder.tensor('gate');
    return blocks.map((_, index) => reshape(slice(table, [layer, index], [1, 1]), []));
  }
  const pooled = concat([mean(z, 1), max(z, 1)], 1); // [N, 2d]
  const weights = softmax(encoder.linear('gate.2', gelu(encoder.linear('gate.0', pooled)))); // [N, K]
  const n = weights.shape[0] ?? 1;
  return blocks.map((_, index) => reshape(slice(weights, [0, index], [n, 1]), [n, 1, 1]));
}
