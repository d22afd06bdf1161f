/** @file Layers of the networks of Dinomaly and INP-Former, as released: their parameters, and the perceptron. C channels. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { linearSpecs } from '../nn/layer-specs.ts';
import { gelu } from '../nn/layers.ts';
import type { ParameterSpec } from '../nn/parameters.ts';
import type { Weights } from '../nn/weights.ts';

/** Of their layer normalizations. */
export const EPSILON = 1e-8;

const INITIALIZED = {
  weight: { kind: 'truncatedNormal', std: 0.01, cut: 0.03 },
  bias: { kind: 'zeros' },
} as const;

export function initializedLinear(name: string, inputs: number, outputs: number): ParameterSpec[] {
  return linearSpecs(name, inputs, outputs, INITIALIZED);
}

/** Two layers, the first four times as wide. */
export function perceptronSpecs(name: string, channels: number): ParameterSpec[] {
  return [
    ...initializedLinear(`${name}.fc1`, channels, 4 * channels),
    ...initializedLinear(`${name}.fc2`, 4 * channels, channels),
  ];
}

/** @param layer With `fc1` and `fc2`. @param x f32 `[…, C]`. */
export function perceptron(layer: Weights, x: Tensor): Tensor {
  return layer.linear('fc2', gelu(layer.linear('fc1', x)));
}
