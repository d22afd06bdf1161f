/** @file InvAD's parameters: the learned constant, then each convolution with what follows it. */
import { type InvadConvolution, type InvadNetwork, invadConvolutions } from '@plumbline/contracts';
import { defaultUniform, normSpecs } from '../../nn/layer-specs.ts';
import type { Initializer, ParameterSpec } from '../../nn/parameters.ts';
import { statisticsSpecs } from '../../nn/running-statistics.ts';

/**
 * What the filters of an equalized convolution are multiplied with (Karras et al. 2018), so that all learn alike. A factor of 0.01
 * on learning rates reaches the doubling ones alone in the released code: their filters are 100 times as large and count a hundredth.
 */
const DOUBLING_RATE = 0.01;

export function filterScale({ kernel, inChannels, scale }: InvadConvolution): number {
  const rate = scale === 'double' ? DOUBLING_RATE : 1;
  return rate / Math.sqrt(kernel ** 2 * inChannels);
}

/** In the order of the flat vector. */
export function invadParameters(network: InvadNetwork): ParameterSpec[] {
  const { grid, inChannels } = network.start;
  return [
    {
      name: 'constant',
      shape: [1, grid, grid, inChannels],
      initializer: { kind: 'normal', std: 1 },
    },
    ...invadConvolutions(network).flatMap(convolutionSpecs),
  ];
}

function convolutionSpecs(one: InvadConvolution): ParameterSpec[] {
  const { name, kind, kernel, inChannels, outChannels, isBiased, scale } = one;
  const usual = defaultUniform(kernel ** 2 * inChannels);
  const filters = (initializer: Initializer): ParameterSpec => ({
    name: `${name}.weight`,
    shape: isTransposed(one)
      ? [kernel, kernel, outChannels, inChannels]
      : [kernel, kernel, inChannels, outChannels],
    initializer,
  });
  const bias = (initializer: Initializer): ParameterSpec => ({
    ...{ name: `${name}.bias`, shape: [outChannels], initializer },
  });
  if (kind === 'normalized')
    return [
      filters(usual),
      ...(isBiased ? [bias(usual)] : []),
      ...normSpecs(`${name}.norm`, outChannels),
    ];
  const equalized = filters({ kind: 'normal', std: scale === 'double' ? 1 / DOUBLING_RATE : 1 });
  if (kind === 'plain') return [equalized];
  return [equalized, bias({ kind: kind === 'scale' ? 'ones' : 'zeros' })];
}

/** A doubling convolution of a single place needs no transposed one. */
export function isTransposed({ scale, kernel }: InvadConvolution): boolean {
  return scale === 'double' && kernel > 1;
}

/** Running statistics of each normalization. */
export function invadBuffers(network: InvadNetwork): ParameterSpec[] {
  return invadConvolutions(network)
    .filter(({ kind }) => kind === 'normalized')
    .flatMap(({ name, outChannels }) => statisticsSpecs(name, outChannels));
}
