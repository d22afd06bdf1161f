/** @file UniAD's parameters, named after those of the released network. C channels, d width, T = grid² tokens. */
import type { UniadNetwork } from '@plumbline/contracts';
import { linearSpecs, normSpecs } from '../../nn/layer-specs.ts';
import type { ParameterSpec } from '../../nn/parameters.ts';

const ZEROS = { kind: 'zeros' } as const;

/** Glorot and Bengio 2010. */
function xavier(inputs: number, outputs: number) {
  return { kind: 'uniform', bound: Math.sqrt(6 / (inputs + outputs)) } as const;
}

function xavierLinear(name: string, inputs: number, outputs: number): ParameterSpec[] {
  return linearSpecs(name, inputs, outputs, { weight: xavier(inputs, outputs), bias: ZEROS });
}

/** The packed projection is one matrix `[3d, d]` to its initializer, as in PyTorch. */
function attentionSpecs(name: string, d: number): ParameterSpec[] {
  return [
    { name: `${name}.in_proj_weight`, shape: [3 * d, d], initializer: xavier(d, 3 * d) },
    { name: `${name}.in_proj_bias`, shape: [3 * d], initializer: ZEROS },
    ...xavierLinear(`${name}.out_proj`, d, d),
  ];
}

/** @param parts Attentions of the layer; each is followed by a normalization, and so is the feed-forward part. */
function layerSpecs(name: string, parts: readonly string[], network: UniadNetwork) {
  const { width, hidden } = network;
  const norms = Array.from({ length: parts.length + 1 }, (_, i) => `${name}.norm${i + 1}`);
  return [
    ...parts.flatMap((part) => attentionSpecs(`${name}.${part}`, width)),
    ...xavierLinear(`${name}.linear1`, width, hidden),
    ...xavierLinear(`${name}.linear2`, hidden, width),
    ...norms.flatMap((norm) => normSpecs(norm, width)),
  ];
}

function querySpec(name: string, { grid, width }: UniadNetwork): ParameterSpec {
  return { name, shape: [1, grid ** 2, width], initializer: { kind: 'normal', std: 1 } };
}

/** In the order of the flat vector. */
export function uniadParameters(network: UniadNetwork): ParameterSpec[] {
  const { grid, channels, width, layers, queries } = network;
  const position = (name: string): ParameterSpec => ({
    ...{ name, shape: [1, grid, width / 2] },
    initializer: { kind: 'unit' },
  });
  const indices = Array.from({ length: layers }, (_, layer) => layer);
  return [
    position('pos_embed.row_embed'),
    position('pos_embed.col_embed'),
    ...xavierLinear('input_proj', channels, width),
    ...indices.flatMap((layer) => layerSpecs(`encoder.${layer}`, ['self_attn'], network)),
    ...(queries === 'input' ? [querySpec('decoder.learned_embed', network)] : []),
    ...indices.flatMap((layer) => [
      ...(queries === 'layers' ? [querySpec(`decoder.${layer}.learned_embed`, network)] : []),
      ...layerSpecs(`decoder.${layer}`, ['self_attn', 'multihead_attn'], network),
    ]),
    ...normSpecs('decoder.norm', width),
    ...xavierLinear('output_proj', width, channels),
  ];
}
