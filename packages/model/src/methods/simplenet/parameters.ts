/** @file SimpleNet's parameters, by optimizer, and the statistics of its batch normalization. D channels, H hidden units. */
import { linearSpecs, normSpecs } from '../../nn/layer-specs.ts';
import type { Initializer, ParameterSpec } from '../../nn/parameters.ts';

export interface SimpleNetSizes {
  /** D: channels of a patch. */
  readonly channels: number;
  /** Channels that the discriminator reads, then units of its hidden layers, H. */
  readonly widths: readonly number[];
}

/** Glorot and Bengio 2010. */
function xavierNormal(inputs: number, outputs: number): Initializer {
  return { kind: 'normal', std: Math.sqrt(2 / (inputs + outputs)) };
}

function xavierLinear(name: string, inputs: number, outputs: number): ParameterSpec[] {
  return linearSpecs(name, inputs, outputs, { weight: xavierNormal(inputs, outputs) });
}

export function adaptorParameters({ channels }: SimpleNetSizes): ParameterSpec[] {
  return xavierLinear('adaptor', channels, channels);
}

/** What the names of a hidden layer end with. @param layer 0-based. */
export function layerSuffix(layer: number): string {
  return layer === 0 ? '' : `${layer + 1}`;
}

export function discriminatorParameters({ widths }: SimpleNetSizes): ParameterSpec[] {
  const hidden = widths.slice(1).flatMap((units, layer): ParameterSpec[] => {
    const norm = `discriminator.norm${layerSuffix(layer)}`;
    return [
      ...xavierLinear(`discriminator.hidden${layerSuffix(layer)}`, widths[layer] ?? units, units),
      ...normSpecs(norm, units),
    ];
  });
  const last = widths.at(-1) as number;
  return [
    ...hidden,
    {
      name: 'discriminator.tail.weight',
      shape: [1, last],
      initializer: xavierNormal(last, 1),
    },
  ];
}

/** In the order of the flat vector. */
export function simpleNetParameters(sizes: SimpleNetSizes): ParameterSpec[] {
  return [...adaptorParameters(sizes), ...discriminatorParameters(sizes)];
}

/** Running statistics of the hidden layers. */
export function simpleNetBuffers({ widths }: SimpleNetSizes): ParameterSpec[] {
  return widths.slice(1).flatMap((units, layer): ParameterSpec[] => [
    { name: `mean${layerSuffix(layer)}`, shape: [units], initializer: { kind: 'zeros' } },
    { name: `variance${layerSuffix(layer)}`, shape: [units], initializer: { kind: 'ones' } },
  ]);
}
