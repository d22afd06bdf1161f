/**
 * @file SimpleNet's patch scores: log(1 + e^−D) of the discriminator's verdict D, which orders patches as −D does, the released
 * score, and is never negative: people read scores as multiples of a threshold.
 */
import { neg, reshape, softplus, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { constantParameters } from '../../nn/parameters.ts';
import { Weights } from '../../nn/weights.ts';
import { BATCH, type TensorProgram } from '../../trace/index.ts';
import type { Trained } from '../../training/trainable.ts';
import {
  embeddingInputs,
  embedPatches,
  inputTokens,
  type PatchEmbedding,
} from '../patch-embedding.ts';
import { adapt, judge } from './forward.ts';
import { type SimpleNetSizes, simpleNetParameters } from './parameters.ts';

/** Inputs `tokens0…` f32 `[N, L, C]`, output `scores0` f32 `[N, P]`; batch open. */
export function scoresProgram(
  plan: PatchEmbedding,
  sizes: SimpleNetSizes,
  { weights, buffers }: Pick<Trained, 'weights' | 'buffers'>,
): TensorProgram {
  const statistic = (name: string): Tensor => tensor(buffers[name] as Float32Array, [sizes.hidden]);
  return {
    name: 'simplenet-scores',
    inputs: embeddingInputs(plan),
    batchPlaceholder: BATCH,
    body: (given) => {
      const network = new Weights(constantParameters(simpleNetParameters(sizes), weights));
      const embedded = embedPatches(inputTokens(given, plan), plan); // [N, P, D]
      const adapted = adapt(network, reshape(embedded, [-1, plan.size]));
      const running = { mean: statistic('mean'), variance: statistic('variance') };
      const normality = judge(network, adapted, running);
      return {
        scores0: softplus(neg(reshape(normality, [embedded.shape[0] ?? 1, plan.grid ** 2]))),
      };
    },
  };
}
