/** @file Dinomaly's parameters, named after those of the released network. C channels. */
import type { MapNetwork } from '@plumbline/contracts';
import { normSpecs } from '../../nn/layer-specs.ts';
import type { ParameterSpec } from '../../nn/parameters.ts';
import { initializedLinear, perceptronSpecs } from '../rebuilding-layers.ts';

function layerSpecs(name: string, channels: number): ParameterSpec[] {
  return [
    ...normSpecs(`${name}.norm1`, channels),
    ...initializedLinear(`${name}.attn.qkv`, channels, 3 * channels),
    ...initializedLinear(`${name}.attn.proj`, channels, channels),
    ...normSpecs(`${name}.norm2`, channels),
    ...perceptronSpecs(`${name}.mlp`, channels),
  ];
}

/** In the order of the flat vector. */
export function dinomalyParameters({ channels, layers }: MapNetwork): ParameterSpec[] {
  return [
    ...perceptronSpecs('bottleneck', channels),
    ...Array.from({ length: layers }, (_, layer) =>
      layerSpecs(`decoder.${layer}`, channels),
    ).flat(),
  ];
}
