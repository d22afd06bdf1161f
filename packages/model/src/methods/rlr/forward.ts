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
import { type AttentionInputs, multiHeadAttention } from '../../nn/attention.ts';
import { gelu, layerNorm, linear, namedLinear } from '../../nn/layers.ts';
import { type LocalWindows, localWindows } from '../../nn/local-attention.ts';
import { type Parameters, parameter } from '../../nn/parameters.ts';
import { sinePositionEmbedding } from '../../nn/position-embedding.ts';
import { windowMask } from '../../nn/window-mask.ts';
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

interface Masks {
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
  const length = config.grid * config.grid;
  const position = tensor(sinePositionEmbedding(config.grid, config.width), [
    1,
    length,
    config.width,
  ]);
  const mask = (inside: boolean) =>
    tensor(windowMask(config.grid, config.window, inside), [1, length, length]);
  const masks: Masks = {
    inside: localWindows(config.grid, config.window) ?? mask(true),
    outside: mask(false),
  };
  const references = usesReference(config) ? embedReferences(parameters, position, config) : [];
  let z = add(embed(parameters, 'embedding', tokens), position); // [N, L, d]
  for (let layer = 0; layer < config.layers; layer++)
    z = encodeLayer(parameters, layer, z, references, masks, config);
  return namedLinear(parameters, 'projection', layerNorm(parameters, 'encoder.norm', z));
}

/** Conv1d with kernel 1, `[N, L, C]` → `[N, L, d]`. */
function embed(parameters: Parameters, name: string, tokens: Tensor): Tensor {
  const weight = parameter(parameters, `${name}.project_embedding.project.weight`);
  const [d = 1, channels = 1] = weight.shape;
  return linear(
    tokens,
    reshape(weight, [d, channels]),
    parameter(parameters, `${name}.project_embedding.project.bias`),
  );
}

/** The reference maps, embedded: `referenceLength` tensors `[1, L, d]`. */
function embedReferences(
  parameters: Parameters,
  position: Tensor,
  config: RlrNetworkConfig,
): Tensor[] {
  const length = config.grid * config.grid;
  const embedded = embed(parameters, 'ref_mca_embedding', parameter(parameters, 'ref_mca'));
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
  parameters: Parameters,
  layer: number,
  z: Tensor,
  references: readonly Tensor[],
  masks: Masks,
  config: RlrNetworkConfig,
): Tensor {
  const name = `encoder.encode_layers.${layer}`;
  const gates = layerGates(parameters, layer, z, config);
  const blocks = RLR_BLOCKS.filter((block) => config.blocks.includes(block));
  const outputs = blocks.map((block, index) => {
    const attended = attend(parameters, `${name}.${block}`, block, z, references, masks, config);
    return mul(attended, gates[index] as Tensor | number);
  });
  const u = layerNorm(parameters, `${name}.norm1`, addN(outputs));
  const hidden = gelu(namedLinear(parameters, `${name}.ffn.fc1`, u));
  return layerNorm(
    parameters,
    `${name}.norm2`,
    add(u, namedLinear(parameters, `${name}.ffn.fc2`, hidden)),
  );
}

function attend(
  parameters: Parameters,
  name: string,
  block: BlockName,
  z: Tensor,
  references: readonly Tensor[],
  masks: Masks,
  config: RlrNetworkConfig,
): Tensor {
  // The released code shadows its loop variable, so that all blocks but mca see the last reference only.
  const seen =
    config.referenceMode === 'released' && block !== 'mca' ? references.slice(-1) : references;
  const attention = (key: Tensor, value: Tensor, mask: AttentionInputs['mask']) =>
    multiHeadAttention(parameters, name, { query: z, key, value, mask }, config.heads);
  switch (block) {
    case 'mca':
      return addN(seen.map((e) => attention(e, e, masks.inside)));
    case 'ca':
      return addN(seen.map((e) => attention(e, e, null)));
    case 'nsa':
      return addN(seen.map((e) => attention(e, z, masks.outside)));
    case 'msa':
      return attention(z, z, masks.outside);
    case 'sa':
      return attention(z, z, null);
  }
}

/** One gate a block: a number, a scalar parameter, or `[N, 1, 1]` from the gate network on `[mean z ; max z]`. */
function layerGates(
  parameters: Parameters,
  layer: number,
  z: Tensor,
  config: RlrNetworkConfig,
): readonly (Tensor | number)[] {
  const blocks = RLR_BLOCKS.filter((block) => config.blocks.includes(block));
  if (config.gate === 'none') return blocks.map((block) => CONSTANT_GATES[block]);
  if (config.gate === 'gate') {
    const table = parameter(parameters, 'encoder.gate');
    return blocks.map((_, index) => reshape(slice(table, [layer, index], [1, 1]), []));
  }
  const pooled = concat([mean(z, 1), max(z, 1)], 1); // [N, 2d]
  const logits = namedLinear(
    parameters,
    'encoder.gate.2',
    gelu(namedLinear(parameters, 'encoder.gate.0', pooled)),
  );
  const weights = softmax(logits); // [N, K]
  const n = weights.shape[0] ?? 1;
  return blocks.map((_, index) => reshape(slice(weights, [0, index], [n, 1]), [n, 1, 1]));
}
