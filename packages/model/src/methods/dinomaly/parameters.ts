/** @file Dinomaly's parameters, named after those of the released network. C channels. */
import type { MapNetwork } from '@plumbline/contracts';
import { linearSpecs, normSpecs } from '../../nn/layer-specs.ts';
import type { ParameterSpec } from '../../nn/parameters.ts';

/** As released. */
const INITIALIZED = {
  weight: { kind: 'truncatedNormal', std: 0.01, cut: 0.03 },
  bias: { kind: 'zeros' },
} as const;

function initializedLinear(name: string, inputs: number, outputs: number): ParameterSpec[] {
  return linearSpecs(name, inputs, outputs, INITIALIZED);
}

/** Two layers, the first four times as wide. */
function perceptronSpecs(name: string, channels: number): ParameterSpec[] {
  return [
    ...initializedLinear(`${name}.fc1`, channels, 4 * channels),
    ...initializedLinear(`${name}.fc2`, 4 * channels, channels),
  ];
}

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
