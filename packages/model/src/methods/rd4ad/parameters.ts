/** @file RD4AD's parameters: each convolution without bias, and the batch normalization after it. */
import { convolutionsOf, type ReverseConvolution, type ReverseNetwork } from '@plumbline/contracts';
import type { Initializer, ParameterSpec } from '../../nn/parameters.ts';
import { statisticsSpecs } from '../../nn/running-statistics.ts';

/** In the order of the flat vector. */
export function reverseParameters(network: ReverseNetwork): ParameterSpec[] {
  return convolutionsOf(network).flatMap((convolution): ParameterSpec[] => {
    const { name, outChannels } = convolution;
    return [
      {
        name: `${name}.weight`,
        shape: filterShape(convolution),
        initializer: initializerOf(convolution),
      },
      { name: `${name}.norm.weight`, shape: [outChannels], initializer: { kind: 'ones' } },
      { name: `${name}.norm.bias`, shape: [outChannels], initializer: { kind: 'zeros' } },
    ];
  });
}

/** Running statistics of each normalization. */
export function reverseBuffers(network: ReverseNetwork): ParameterSpec[] {
  return convolutionsOf(network).flatMap(({ name, outChannels }) =>
    statisticsSpecs(name, outChannels),
  );
}

/** `[k, k, I, O]`; of a transposed convolution `[I, 4·O]`, its four places one after the other. */
function filterShape({ kernel, inChannels, outChannels }: ReverseConvolution): number[] {
  return kernel === 2 ? [inChannels, 4 * outChannels] : [kernel, kernel, inChannels, outChannels];
}

/** He et al. 2015 over the outputs; the released code leaves PyTorch's default, U(±1/√fan-in), to transposed convolutions. */
function initializerOf({ kernel, outChannels }: ReverseConvolution): Initializer {
  const fan = kernel ** 2 * outChannels;
  return kernel === 2
    ? { kind: 'uniform', bound: 1 / Math.sqrt(fan) }
    : { kind: 'normal', std: Math.sqrt(2 / fan) };
}
