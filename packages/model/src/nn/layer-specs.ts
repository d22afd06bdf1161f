/** @file Parameters of usual layers, by the names that PyTorch gives them. */
import type { Initializer, ParameterSpec } from './parameters.ts';

/** PyTorch's default for weight and bias of a linear layer: U(±1/√fan-in). */
export function defaultUniform(fanIn: number): Initializer {
  return { kind: 'uniform', bound: 1 / Math.sqrt(fanIn) };
}

/** Both as PyTorch initializes them where nothing else is given. */
export function linearSpecs(
  name: string,
  inputs: number,
  outputs: number,
  { weight, bias }: { readonly weight?: Initializer; readonly bias?: Initializer } = {},
): ParameterSpec[] {
  const usual = defaultUniform(inputs);
  return [
    { name: `${name}.weight`, shape: [outputs, inputs], initializer: weight ?? usual },
    { name: `${name}.bias`, shape: [outputs], initializer: bias ?? usual },
  ];
}

/** Of a normalization: scale 1, shift 0. */
export function normSpecs(name: string, channels: number): ParameterSpec[] {
  return [
    { name: `${name}.weight`, shape: [channels], initializer: { kind: 'ones' } },
    { name: `${name}.bias`, shape: [channels], initializer: { kind: 'zeros' } },
  ];
}
