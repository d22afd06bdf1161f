/** @file RD4AD's maps: at each level how far the rebuilt features are from the backbone's. */
import type { ReverseNetwork } from '@plumbline/contracts';
import { constantBuffers, constantParameters } from '../../nn/parameters.ts';
import { Weights } from '../../nn/weights.ts';
import { BATCH, type TensorProgram } from '../../trace/index.ts';
import type { Trained } from '../../training/trainable.ts';
import { levelImages } from '../level-images.ts';
import { tokenInputs } from '../step-feeds.ts';
import { distances } from './distance.ts';
import { rebuiltLevels } from './forward.ts';
import { reverseBuffers, reverseParameters } from './parameters.ts';

/** Inputs `tokenInputs`, outputs `scores0…` f32 `[N, L]`, finest first; batch open. */
export function scoresProgram(
  network: ReverseNetwork,
  { weights, buffers }: Pick<Trained, 'weights' | 'buffers'>,
): TensorProgram {
  return {
    name: 'rd4ad-scores',
    inputs: tokenInputs(network.levels, BATCH),
    batchPlaceholder: BATCH,
    body: (given) => {
      const parameters = constantParameters(reverseParameters(network), weights);
      const statistics = constantBuffers(reverseBuffers(network), buffers);
      const levels = levelImages(network.levels, given);
      const rebuilt = rebuiltLevels(network, new Weights(parameters), levels, statistics);
      const maps = distances(levels, rebuilt);
      return Object.fromEntries(maps.map((map, level) => [`scores${level}`, map]));
    },
  };
}
