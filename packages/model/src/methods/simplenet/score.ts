/**
 * @file SimpleNet's patch scores: log(1 + e^−D) of the discriminator's verdict D, which orders patches as −D does, the released
 * score, and is never negative: people read scores as multiples of a threshold.
 */
import { neg, reshape, softplus } from '@tensorflow/tfjs-core';
import { constantBuffers, constantParameters } from '../../nn/parameters.ts';
import { Weights } from '../../nn/weights.ts';
import { BATCH, type TensorProgram } from '../../trace/index.ts';
import type { Trained } from '../../training/trainable.ts';
import {
  embeddingInputs,
  embedPatches,
  inputTokens,
  type PatchEmbedding,
} from '../patch-embedding.ts';
import { type Centers, nearestPatches } from './centers.ts';
import { adapt, judge } from './forward.ts';
import { besideResidual } from './loss.ts';
import { type SimpleNetSizes, simpleNetBuffers, simpleNetParameters } from './parameters.ts';

export interface FittedNetwork extends Pick<Trained, 'weights' | 'buffers'> {
  readonly sizes: SimpleNetSizes;
  readonly centers: Centers | null;
}

/** Inputs `tokens0…` f32 `[N, L, C]`, output `scores0` f32 `[N, P]`; batch open. */
export function scoresProgram(
  plan: PatchEmbedding,
  { sizes, centers, weights, buffers }: FittedNetwork,
): TensorProgram {
  return {
    name: 'simplenet-scores',
    inputs: embeddingInputs(plan),
    batchPlaceholder: BATCH,
    body: (given) => {
      const network = new Weights(constantParameters(simpleNetParameters(sizes), weights));
      const embedded = embedPatches(inputTokens(given, plan), plan); // [N, P, D]
      const adapted = adapt(network, reshape(embedded, [-1, plan.size]));
      const judged =
        centers === null ? adapted : besideResidual(adapted, nearestPatches(adapted, centers));
      const running = constantBuffers(simpleNetBuffers(sizes), buffers);
      const normality = judge(network, judged, running);
      return {
        scores0: softplus(neg(reshape(normality, [embedded.shape[0] ?? 1, plan.grid ** 2]))),
      };
    },
  };
}
