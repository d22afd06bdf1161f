/** @file DRAEM's parameters: each convolution, and the batch normalization after it. */
import {
  type DraemNetwork,
  normalizedConvolutions,
  type Unet,
  type UnetConvolution,
} from '@plumbline/contracts';
import { defaultUniform } from '../../nn/layer-specs.ts';
import type { ParameterSpec } from '../../nn/parameters.ts';
import { statisticsSpecs } from '../../nn/running-statistics.ts';

/** As released, of the weights of convolutions and normalizations. */
const STD = 0.02;

/** In the order of the flat vector. */
export function draemParameters({ rebuilding, separating }: DraemNetwork): ParameterSpec[] {
  return [...unetParameters(rebuilding), ...unetParameters(separating)];
}

export function unetParameters(net: Unet): ParameterSpec[] {
  return [
    ...normalizedConvolutions(net).flatMap((convolution): ParameterSpec[] => {
      const { name, outChannels } = convolution;
      return [
        ...convolutionSpecs(convolution),
        {
          name: `${name}.norm.weight`,
          shape: [outChannels],
          initializer: { kind: 'normal', std: STD, mean: 1 },
        },
        { name: `${name}.norm.bias`, shape: [outChannels], initializer: { kind: 'zeros' } },
      ];
    }),
    ...convolutionSpecs(net.last),
  ];
}

/** Running statistics of each normalization. */
export function draemBuffers({ rebuilding, separating }: DraemNetwork): ParameterSpec[] {
  return [rebuilding, separating]
    .flatMap(normalizedConvolutions)
    .flatMap(({ name, outChannels }) => statisticsSpecs(name, outChannels));
}

function convolutionSpecs({ name, inChannels, outChannels }: UnetConvolution): ParameterSpec[] {
  return [
    {
      name: `${name}.weight`,
      shape: [3, 3, inChannels, outChannels],
      initializer: { kind: 'normal', std: STD },
    },
    { name: `${name}.bias`, shape: [outChannels], initializer: defaultUniform(9 * inChannels) },
  ];
}
