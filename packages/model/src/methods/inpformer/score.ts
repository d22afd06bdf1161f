/** @file INP-Former's patch scores: how far each map is from what is rebuilt of it. N images, L tokens of a level, T patches. */
import { constantParameters } from '../../nn/parameters.ts';
import { Weights } from '../../nn/weights.ts';
import { BATCH, type TensorProgram } from '../../trace/index.ts';
import { type MapModel, mapScores, mapsOf } from '../rebuilt-maps.ts';
import { tokenInputs } from '../step-feeds.ts';
import { inpFormerForward } from './forward.ts';
import { type InpNetwork, inpFormerParameters } from './parameters.ts';

/** Inputs `tokens0…` f32 `[N, L, C]`, outputs `scores0…` f32 `[N, T]`, one a map; batch open. */
export function scoresProgram(
  model: MapModel,
  network: InpNetwork,
  flat: Float32Array,
): TensorProgram {
  return {
    name: 'inpformer-scores',
    inputs: tokenInputs(model.levels, BATCH),
    batchPlaceholder: BATCH,
    body: (given) => {
      const weights = new Weights(constantParameters(inpFormerParameters(network), flat));
      const { input, targets } = mapsOf(model, given);
      return mapScores(targets, inpFormerForward(weights, input, network).rebuilt);
    },
  };
}
