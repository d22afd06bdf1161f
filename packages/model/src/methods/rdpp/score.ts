/** @file RD++'s maps: RD4AD's, of features rebuilt from projected ones. */
import type { ReverseNetwork } from '@plumbline/contracts';
import { constantBuffers, constantParameters } from '../../nn/parameters.ts';
import { Weights } from '../../nn/weights.ts';
import { BATCH, type TensorProgram } from '../../trace/index.ts';
import type { Trained } from '../../training/trainable.ts';
import { levelImages } from '../level-images.ts';
import { distances } from '../rd4ad/distance.ts';
import { rebuiltLevels } from '../rd4ad/forward.ts';
import { reverseBuffers } from '../rd4ad/parameters.ts';
import { tokenInputs } from '../step-feeds.ts';
import { projected } from './forward.ts';
import { rdppParameters } from './parameters.ts';

/** Inputs `tokenInputs`, outputs `scores0…` f32 `[N, L]`, finest first; batch open. */
export function scoresProgram(
  network: ReverseNetwork,
  { weights, buffers }: Pick<Trained, 'weights' | 'buffers'>,
): TensorProgram {
  return {
    name: 'rdpp-scores',
    inputs: tokenInputs(network.levels, BATCH),
    batchPlaceholder: BATCH,
    body: (given) => {
      const trained = new Weights(constantParameters(rdppParameters(network), weights));
      const statistics = constantBuffers(reverseBuffers(network), buffers);
      const levels = levelImages(network.levels, given);
      const from = projected(network, trained, levels);
      const maps = distances(levels, rebuiltLevels(network, trained, from, statistics));
      return Object.fromEntries(maps.map((map, level) => [`scores${level}`, map]));
    },
  };
}
