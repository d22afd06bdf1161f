/** @file The student's parameters: each convolution without bias, and the BatchNorm after it. */
import type { ParameterSpec } from '../../nn/parameters.ts';
import { statisticsSpecs } from '../../nn/running-statistics.ts';
import { type Architecture, type ConvolutionLayer, convolutionsOf } from './architecture.ts';

/** In the order of the flat vector. */
export function studentParameters(architecture: Architecture): ParameterSpec[] {
  return convolutionsOf(architecture).flatMap((layer) => [
    {
      name: `${layer.name}.weight`,
      shape: [...layer.kernel, layer.inChannels, layer.outChannels],
      initializer: { kind: 'normal', std: Math.sqrt(2 / fanOut(layer)) },
    },
    {
      name: `${layer.name}.norm.weight`,
      shape: [layer.outChannels],
      initializer: { kind: 'ones' },
    },
    { name: `${layer.name}.norm.bias`, shape: [layer.outChannels], initializer: { kind: 'zeros' } },
  ]);
}

/** Running statistics of each BatchNorm. */
export function studentBuffers(architecture: Architecture): ParameterSpec[] {
  return convolutionsOf(architecture).flatMap(({ name, outChannels }) =>
    statisticsSpecs(name, outChannels),
  );
}

/** He et al. 2015, as torchvision initializes ResNets. */
function fanOut({ kernel, outChannels }: ConvolutionLayer): number {
  return kernel[0] * kernel[1] * outChannels;
}
