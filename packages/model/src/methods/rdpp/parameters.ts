/** @file The parameters of RD++'s projections: filters and bias of each convolution. RD4AD's network has those of RD4AD. */
import { projectionsOf, type ReverseNetwork } from '@plumbline/contracts';
import { defaultUniform } from '../../nn/layer-specs.ts';
import type { ParameterSpec } from '../../nn/parameters.ts';
import { reverseParameters } from '../rd4ad/parameters.ts';

export function projectionParameters({ levels }: ReverseNetwork): ParameterSpec[] {
  return projectionsOf(levels)
    .flat()
    .flatMap(({ name, inChannels, outChannels }): ParameterSpec[] => [
      {
        name: `${name}.weight`,
        shape: [3, 3, inChannels, outChannels],
        initializer: defaultUniform(9 * inChannels),
      },
      { name: `${name}.bias`, shape: [outChannels], initializer: defaultUniform(9 * inChannels) },
    ]);
}

/** In the order of the flat vector. */
export function rdppParameters(network: ReverseNetwork): ParameterSpec[] {
  return [...projectionParameters(network), ...reverseParameters(network)];
}
