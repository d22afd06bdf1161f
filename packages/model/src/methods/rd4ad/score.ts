/** @file RD4AD's maps: at each level how far the rebuilt features are from the backbone's. */
import type { ReverseNetwork } from '@plumbline/contracts';
import { tensor } from '@tensorflow/tfjs-core';
import { constantParameters } from '../../nn/parameters.ts';
import { Weights } from '../../nn/weights.ts';
import { BATCH, type TensorProgram, type TracedInput } from '../../trace/index.ts';
import type { Trained } from '../../training/trainable.ts';
import { distances, levelImages } from './distance.ts';
import { rebuiltLevels } from './forward.ts';
import { reverseBuffers, reverseParameters } from './parameters.ts';

/** `tokens0…` f32 `[N, L, C]`, in the order in which the levels were given. */
export function tokenInputs(
  { levels }: Pick<ReverseNetwork, 'levels'>,
  batchSize: number,
): Record<string, TracedInput> {
  return Object.fromEntries(
    levels.map(({ index, grid, channels }) => [
      `tokens${index}`,
      { shape: [batchSize, grid ** 2, channels] },
    ]),
  );
}

/** Inputs `tokenInputs`, outputs `scores0…` f32 `[N, L]`, finest first; batch open. */
export function scoresProgram(
  network: ReverseNetwork,
  { weights, buffers }: Pick<Trained, 'weights' | 'buffers'>,
): TensorProgram {
  return {
    name: 'rd4ad-scores',
    inputs: tokenInputs(network, BATCH),
    batchPlaceholder: BATCH,
    body: (given) => {
      const parameters = constantParameters(reverseParameters(network), weights);
      const statistics = reverseBuffers(network).map(({ name, shape }) => [
        name,
        tensor(buffers[name] as Float32Array, [...shape]),
      ]);
      const levels = levelImages(network, given);
      const rebuilt = rebuiltLevels(
        network,
        new Weights(parameters),
        levels,
        Object.fromEntries(statistics),
      );
      const maps = distances(levels, rebuilt);
      return Object.fromEntries(maps.map((map, level) => [`scores${level}`, map]));
    },
  };
}
