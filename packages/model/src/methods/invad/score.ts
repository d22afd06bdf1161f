/** @file InvAD's map: how far all levels together are from the rebuilt ones, at the finest grid. */
import type { InvadNetwork } from '@plumbline/contracts';
import { constantBuffers, constantParameters } from '../../nn/parameters.ts';
import { Weights } from '../../nn/weights.ts';
import { BATCH, type TensorProgram } from '../../trace/index.ts';
import type { Trained } from '../../training/trainable.ts';
import { levelImages } from '../level-images.ts';
import { tokenInputs } from '../step-feeds.ts';
import { distances } from './distance.ts';
import { rebuiltLevels } from './forward.ts';
import { invadBuffers, invadParameters } from './parameters.ts';

/** Inputs `tokens0…` f32 `[N, L, C]`, output `scores0` f32 `[N, T]`; batch open. */
export function scoresProgram(
  network: InvadNetwork,
  { weights, buffers }: Pick<Trained, 'weights' | 'buffers'>,
): TensorProgram {
  return {
    name: 'invad-scores',
    inputs: tokenInputs(network.levels, BATCH),
    batchPlaceholder: BATCH,
    body: (given) => {
      const levels = levelImages(network.levels, given);
      const rebuilt = rebuiltLevels(
        network,
        new Weights(constantParameters(invadParameters(network), weights)),
        levels,
        constantBuffers(invadBuffers(network), buffers),
      );
      return { scores0: distances(network, levels, rebuilt) };
    },
  };
}
