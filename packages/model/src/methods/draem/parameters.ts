/** @file DRAEM's parameters: each convolution, and the batch normalization after it. */
import {
  type DraemNetwork,
  normalizedConvolutions,
  type Unet,
  type UnetConvolution,
} from '@plumbline/contracts';
import { convolutionSpecs, normSpecs } from '../../nn/layer-specs.ts';
import type { Initializer, ParameterSpec } from '../../nn/parameters.ts';
import { statisticsSpecs } from '../../nn/running-statistics.ts';

/** As released, of the weights of convolutions and normalizations. */
const STD = 0.02;
const FILTERS: Initializer = { kind: 'normal', std: STD };
const SCALES: Initializer = { kind: 'normal', std: STD, mean: 1 };

/** In the order of the flat vector. */
export function draemParameters({ rebuilding, separating }: DraemNetwork): ParameterSpec[] {
  const start = { filters: FILTERS, scales: SCALES };
  return [...unetParameters(rebuilding, start), ...unetParameters(separating, start)];
}

export interface UnetStart {
  readonly filters?: Initializer | undefined;
  readonly scales?: Initializer | undefined;
}

/** @param start PyTorch's defaults where it says nothing. */
export function unetParameters(net: Unet, start: UnetStart = {}): ParameterSpec[] {
  const specsOf = ({ name, inChannels, outChannels }: UnetConvolution) =>
    convolutionSpecs(name, inChannels, outChannels, { weight: start.filters });
  return [
    ...normalizedConvolutions(net).flatMap((convolution) => [
      ...specsOf(convolution),
      ...normSpecs(`${convolution.name}.norm`, convolution.outChannels, start.scales),
    ]),
    ...specsOf(net.last),
  ];
}

/** Running statistics of each normalization. */
export function draemBuffers({ rebuilding, separating }: DraemNetwork): ParameterSpec[] {
  return [rebuilding, separating].flatMap(unetBuffers);
}

export function unetBuffers(net: Unet): ParameterSpec[] {
  return normalizedConvolutions(net).flatMap(({ name, outChannels }) =>
    statisticsSpecs(name, outChannels),
  );
}
