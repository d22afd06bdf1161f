/** @file RD++'s projections of the backbone's features. N images, C channels. */
import { projectionsOf, type ReverseNetwork } from '@plumbline/contracts';
import { add, conv2d, leakyRelu, type Tensor4D } from '@tensorflow/tfjs-core';
import { instanceNorm } from '../../nn/instance-norm.ts';
import type { Weights } from '../../nn/weights.ts';

/** As PyTorch's. */
const SLOPE = 0.01;

/** @param levels Finest first, f32 `[N, side, side, C]`. @returns The same shapes. */
export function projected(
  network: ReverseNetwork,
  weights: Weights,
  levels: readonly Tensor4D[],
): Tensor4D[] {
  return projectionsOf(network.levels).map((convolutions, level) =>
    convolutions.reduce((x, { name }) => {
      const layer = weights.at(name);
      const y = conv2d(x, layer.tensor('weight') as Tensor4D, 1, 'same');
      return leakyRelu(instanceNorm(add(y, layer.tensor('bias'))), SLOPE);
    }, levels[level] as Tensor4D),
  );
}
