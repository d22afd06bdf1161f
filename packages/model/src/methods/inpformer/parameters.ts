/** @file INP-Former's parameters, named after those of the released network. C channels. */
import type { MapNetwork } from '@plumbline/contracts';
import { normSpecs } from '../../nn/layer-specs.ts';
import type { ParameterSpec } from '../../nn/parameters.ts';
import { initializedLinear, perceptronSpecs } from '../rebuilding-layers.ts';

export interface InpNetwork extends MapNetwork {
  /** Tokens that become an image's prototypes. */
  readonly prototypes: number;
}

/** @param scales Of the heads of an attention without softmax. */
function layerSpecs(name: string, { channels }: InpNetwork, scales: ParameterSpec[]) {
  return [
    ...normSpecs(`${name}.norm1`, channels),
    ...scales,
    ...initializedLinear(`${name}.attn.q`, channels, channels),
    ...initializedLinear(`${name}.attn.kv`, channels, 2 * channels),
    ...initializedLinear(`${name}.attn.proj`, channels, channels),
    ...normSpecs(`${name}.norm2`, channels),
    ...perceptronSpecs(`${name}.mlp`, channels),
  ];
}

/** In the order of the flat vector. */
export function inpFormerParameters(network: InpNetwork): ParameterSpec[] {
  const { channels, heads, layers, prototypes } = network;
  const scale = (name: string): ParameterSpec => ({
    ...{ name: `${name}.attn.scale`, shape: [heads], initializer: { kind: 'ones' } },
  });
  return [
    {
      ...{ name: 'prototypes', shape: [prototypes, channels] },
      initializer: { kind: 'normal', std: 1 },
    },
    ...layerSpecs('extractor', network, []),
    ...perceptronSpecs('bottleneck', channels),
    ...Array.from({ length: layers }, (_, layer) => {
      const name = `decoder.${layer}`;
      return layerSpecs(name, network, [scale(name)]);
    }).flat(),
  ];
}
