/** @file SimpleNet's parameters, by optimizer, and the statistics of its batch normalization. D channels, H hidden units. */
import type { Initializer, ParameterSpec } from '../../nn/parameters.ts';

export interface SimpleNetSizes {
  /** D: channels of a patch. */
  readonly channels: number;
  /** H. */
  readonly hidden: number;
}

/** Glorot and Bengio 2010. */
function xavierNormal(inputs: number, outputs: number): Initializer {
  return { kind: 'normal', std: Math.sqrt(2 / (inputs + outputs)) };
}

/** A linear layer: its weight as above, its bias as PyTorch's default, U(±1/√fan-in). */
function linearSpecs(name: string, inputs: number, outputs: number): ParameterSpec[] {
  return [
    {
      name: `${name}.weight`,
      shape: [outputs, inputs],
      initializer: xavierNormal(inputs, outputs),
    },
    {
      name: `${name}.bias`,
      shape: [outputs],
      initializer: { kind: 'uniform', bound: 1 / Math.sqrt(inputs) },
    },
  ];
}

export function adaptorParameters({ channels }: SimpleNetSizes): ParameterSpec[] {
  return linearSpecs('adaptor', channels, channels);
}

export function discriminatorParameters({ channels, hidden }: SimpleNetSizes): ParameterSpec[] {
  return [
    ...linearSpecs('discriminator.hidden', channels, hidden),
    { name: 'discriminator.norm.weight', shape: [hidden], initializer: { kind: 'ones' } },
    { name: 'discriminator.norm.bias', shape: [hidden], initializer: { kind: 'zeros' } },
    {
      name: 'discriminator.tail.weight',
      shape: [1, hidden],
      initializer: xavierNormal(hidden, 1),
    },
  ];
}

/** In the order of the flat vector. */
export function simpleNetParameters(sizes: SimpleNetSizes): ParameterSpec[] {
  return [...adaptorParameters(sizes), ...discriminatorParameters(sizes)];
}

/** Running statistics of the hidden layer. */
export function simpleNetBuffers({ hidden }: SimpleNetSizes): ParameterSpec[] {
  return [
    { name: 'mean', shape: [hidden], initializer: { kind: 'zeros' } },
    { name: 'variance', shape: [hidden], initializer: { kind: 'ones' } },
  ];
}
