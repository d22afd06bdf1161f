/** @file The parameters of FastFlow: for each level a normalization of whole maps and the blocks of its flow. */
import {
  type FastflowPreset,
  type FeatureLevel,
  fastflowKernel,
  fastflowWidths,
} from '@plumbline/contracts';
import { globalSpecs } from '../../nn/coupling.ts';
import type { Initializer, ParameterSpec } from '../../nn/parameters.ts';

export type FlowShape = Pick<FastflowPreset, 'blocks' | 'kernels' | 'hiddenRatio'>;

export function levelName(level: number): string {
  return `levels.${level}`;
}

/** In the order of the flat vector; convolutions begin as PyTorch's, U(±1/√fan-in). */
export function fastflowParameters(
  shape: FlowShape,
  levels: readonly FeatureLevel[],
): ParameterSpec[] {
  return levels.flatMap((level, index) => levelParameters(shape, level, levelName(index)));
}

function levelParameters(
  shape: FlowShape,
  { grid, channels }: FeatureLevel,
  name: string,
): ParameterSpec[] {
  const { kept, hidden } = fastflowWidths(shape, channels);
  const values = grid ** 2 * channels;
  const blocks = Array.from({ length: shape.blocks }, (_, block): ParameterSpec[] => {
    const own = `${name}.blocks.${block}`;
    const kernel = fastflowKernel(shape, block);
    return [
      ...convolutionSpecs(`${own}.hidden`, kernel, kept, hidden),
      ...convolutionSpecs(`${own}.out`, kernel, hidden, 2 * (channels - kept)),
      ...globalSpecs(own, channels),
    ];
  });
  return [
    { name: `${name}.norm.weight`, shape: [values], initializer: { kind: 'ones' } },
    { name: `${name}.norm.bias`, shape: [values], initializer: { kind: 'zeros' } },
    ...blocks.flat(),
  ];
}

/** A filter of 1×1 is a matrix `[out, in]`, others `[k, k, in, out]`. */
function convolutionSpecs(
  name: string,
  kernel: number,
  inputs: number,
  outputs: number,
): ParameterSpec[] {
  const initializer: Initializer = {
    kind: 'uniform',
    bound: 1 / Math.sqrt(kernel ** 2 * inputs),
  };
  const shape = kernel === 1 ? [outputs, inputs] : [kernel, kernel, inputs, outputs];
  return [
    { name: `${name}.weight`, shape, initializer },
    { name: `${name}.bias`, shape: [outputs], initializer },
  ];
}
