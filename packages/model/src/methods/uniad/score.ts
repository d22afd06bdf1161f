/** @file UniAD's patch scores: how far clean features are from what the network makes of them. N images, T tokens, C channels. */
import { sqrt, squaredDifference, sum, type Tensor } from '@tensorflow/tfjs-core';
import { constantParameters } from '../../nn/parameters.ts';
import { Weights } from '../../nn/weights.ts';
import { BATCH, type TensorProgram } from '../../trace/index.ts';
import { joinLevels } from '../join-levels.ts';
import { tokenInputs } from '../step-feeds.ts';
import { uniadForward } from './forward.ts';
import type { Neck } from './neck.ts';
import { uniadParameters } from './parameters.ts';

/** √Σ_c (rebuilt − token)². f32 `[N, T, C]` each. @returns f32 `[N, T]`. */
function distances(tokens: Tensor, rebuilt: Tensor): Tensor {
  return sqrt(sum(squaredDifference(rebuilt, tokens), -1));
}

/** Inputs `tokens0…` f32 `[N, L, C]`, output `scores0` f32 `[N, T]`; batch open. */
export function scoresProgram(neck: Neck, flat: Float32Array): TensorProgram {
  const { network } = neck;
  return {
    name: 'uniad-scores',
    inputs: tokenInputs(neck.levels, BATCH),
    batchPlaceholder: BATCH,
    body: (given) => {
      const weights = new Weights(constantParameters(uniadParameters(network), flat));
      const tokens = joinLevels(given, neck, neck.network.grid);
      return { scores0: distances(tokens, uniadForward(weights, tokens, network)) };
    },
  };
}
