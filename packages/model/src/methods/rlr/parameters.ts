/** @file RLR's parameters: names of the released network, so that its checkpoints and our tests line up. */
import { RLR_BLOCKS } from '@plumbline/contracts';
import { defaultUniform, linearSpecs, normSpecs } from '../../nn/layer-specs.ts';
import type { ParameterSpec } from '../../nn/parameters.ts';
import type { RlrNetworkConfig } from './config.ts';

const ZEROS = { kind: 'zeros' } as const;
const ONES = { kind: 'ones' } as const;

/** Conv1d with kernel 1: kaiming normal (fan-in, slope 0: std √(2/C)). */
function embeddingSpecs(name: string, channels: number, d: number): ParameterSpec[] {
  const project = `${name}.project_embedding.project`;
  return [
    {
      name: `${project}.weight`,
      shape: [d, channels, 1],
      initializer: { kind: 'normal', std: Math.sqrt(2 / channels) },
    },
    { name: `${project}.bias`, shape: [d], initializer: defaultUniform(channels) },
  ];
}

/** Packed projection xavier uniform over `[3d, d]`, its biases and the output bias 0. */
function attentionSpecs(name: string, d: number): ParameterSpec[] {
  return [
    {
      name: `${name}.in_proj_weight`,
      shape: [3 * d, d],
      initializer: { kind: 'uniform', bound: Math.sqrt(6 / (4 * d)) },
    },
    { name: `${name}.in_proj_bias`, shape: [3 * d], initializer: ZEROS },
    { name: `${name}.out_proj.weight`, shape: [d, d], initializer: defaultUniform(d) },
    { name: `${name}.out_proj.bias`, shape: [d], initializer: ZEROS },
  ];
}

function gateSpecs(config: RlrNetworkConfig): ParameterSpec[] {
  const blocks = config.blocks.length;
  if (config.gate === 'none') return [];
  if (config.gate === 'gate')
    return [{ name: 'encoder.gate', shape: [config.layers, blocks], initializer: ONES }];
  return [
    ...linearSpecs('encoder.gate.0', 2 * config.width, config.width),
    ...linearSpecs('encoder.gate.2', config.width, blocks),
  ];
}

/** Whether a block attends to the reference. */
export function usesReference(config: RlrNetworkConfig): boolean {
  return config.blocks.some((block) => block === 'mca' || block === 'ca' || block === 'nsa');
}

/** All parameters of one level's network, in packing order. */
export function rlrParameters(config: RlrNetworkConfig): ParameterSpec[] {
  const { channels, width: d, grid } = config;
  const reference: ParameterSpec[] = usesReference(config)
    ? [
        {
          name: 'ref_mca',
          shape: [1, grid * grid * config.referenceLength, channels],
          initializer: { kind: 'normal', std: 1 },
        },
        ...embeddingSpecs('ref_mca_embedding', channels, d),
      ]
    : [];
  const layers = Array.from({ length: config.layers }, (_, index) => {
    const name = `encoder.encode_layers.${index}`;
    return [
      ...RLR_BLOCKS.filter((block) => config.blocks.includes(block)).flatMap((block) =>
        attentionSpecs(`${name}.${block}`, d),
      ),
      ...linearSpecs(`${name}.ffn.fc1`, d, 4 * d),
      ...linearSpecs(`${name}.ffn.fc2`, 4 * d, d),
      ...normSpecs(`${name}.norm1`, d),
      ...normSpecs(`${name}.norm2`, d),
    ];
  });
  return [
    ...reference,
    ...embeddingSpecs('embedding', channels, d),
    ...layers.flat(),
    ...gateSpecs(config),
    ...normSpecs('encoder.norm', d),
    ...linearSpecs('projection', d, channels),
  ];
}
