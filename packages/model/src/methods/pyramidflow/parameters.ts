/** @file PyramidFlow's parameters, and what is drawn once and stays. C channels. */
import { type PyramidflowPreset, type PyramidShape, pyramidBlocks } from '@plumbline/contracts';
import { defaultUniform } from '../../nn/layer-specs.ts';
import type { ParameterSpec } from '../../nn/parameters.ts';
import { RandomStream } from '../../nn/random.ts';
import { type Factors, randomFactors } from './mixing.ts';

/** A flow as it starts. */
export interface PyramidFlow extends PyramidShape {
  readonly normalizes: PyramidflowPreset['normalizes'];
  /** Of each block's mixing. */
  readonly factors: readonly Factors[];
}

export function pyramidFlow(
  shape: PyramidShape,
  { normalizes }: Pick<PyramidflowPreset, 'normalizes'>,
  seed: number,
): PyramidFlow {
  const factors = pyramidBlocks(shape).map(({ name }) =>
    randomFactors(shape.channels, RandomStream.from(seed, `pyramidflow/${name}`)),
  );
  return { ...shape, normalizes, factors };
}

/** In the order of the flat vector. */
export function pyramidParameters(flow: PyramidFlow): ParameterSpec[] {
  const { channels, kernel, factors } = flow;
  const hidden = 2 * channels;
  return pyramidBlocks(flow).flatMap(({ name, inChannels }, block): ParameterSpec[] => {
    const { lower, upper, logScales } = factors[block] as Factors;
    const square = [channels, channels];
    return [
      {
        name: `${name}.first`,
        shape: [kernel, kernel, inChannels, hidden],
        initializer: defaultUniform(kernel ** 2 * inChannels),
      },
      {
        name: `${name}.second`,
        shape: [kernel, kernel, hidden, 2 * channels],
        initializer: { kind: 'zeros' },
      },
      { name: `${name}.lower`, shape: square, initializer: { kind: 'given', values: lower } },
      {
        name: `${name}.logScales`,
        shape: [channels],
        initializer: { kind: 'given', values: logScales },
      },
      { name: `${name}.upper`, shape: square, initializer: { kind: 'given', values: upper } },
    ];
  });
}

/** The running mean of each block's log-scales: of each place, or of each channel. */
export function pyramidBuffers(flow: PyramidFlow): ParameterSpec[] {
  return pyramidBlocks(flow).map(({ name, grid }) => ({
    name: `${name}.mean`,
    shape: flow.normalizes === 'channels' ? [1, grid, grid, 1] : [1, 1, 1, flow.channels],
    initializer: { kind: 'zeros' },
  }));
}
