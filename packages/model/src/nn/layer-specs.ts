/** @file Parameters of usual layers, by the names that PyTorch gives them. */
import type { Initializer, ParameterSpec } from './parameters.ts';

/** PyTorch's default for weight and bias of a linear layer: U(±1/√fan-in). */
export function defaultUniform(fanIn: number): Initializer {
  return { kind: 'uniform', bound: 1 / Math.sqrt(fanIn) };
}

export interface LayerStart {
  readonly weight?: Initializer | undefined;
  readonly bias?: Initializer | undefined;
}

/** Both as PyTorch initializes them where nothing else is given. */
export function linearSpecs(
  name: string,
  inputs: number,
  outputs: number,
  { weight, bias }: LayerStart = {},
): ParameterSpec[] {
  const usual = defaultUniform(inputs);
  return [
    { name: `${name}.weight`, shape: [outputs, inputs], initializer: weight ?? usual },
    { name: `${name}.bias`, shape: [outputs], initializer: bias ?? usual },
  ];
}

/** Of a convolution of 3×3 with bias, both as PyTorch initializes them where nothing else is given. */
export function convolutionSpecs(
  name: string,
  inputs: number,
  outputs: number,
  { weight, bias }: LayerStart = {},
): ParameterSpec[] {
  const usual = defaultUniform(9 * inputs);
  return [
    { name: `${name}.weight`, shape: [3, 3, inputs, outputs], initializer: weight ?? usual },
    { name: `${name}.bias`, shape: [outputs], initializer: bias ?? usual },
  ];
}

/** Of a normalization: scale 1 where nothing else is given, shift 0. */
export function normSpecs(
  name: string,
  channels: number,
  scale: Initializer = { kind: 'ones' },
): ParameterSpec[] {
  return [
    { name: `${name}.weight`, shape: [channels], initializer: scale },
    { name: `${name}.bias`, shape: [channels], initializer: { kind: 'zeros' } },
  ];
}
