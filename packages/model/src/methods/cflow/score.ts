/** @file CFLOW's patch scores: how much less likely a feature vector is than the likeliest of the training images. */

import type { CflowPreset, FeatureLevel } from '@plumbline/contracts';
import { exp, minimum, neg, relu, scalar, sub, type Tensor, tensor } from '@tensorflow/tfjs-core';
import type { Mixing } from '../../nn/coupling.ts';
import { constantParameters } from '../../nn/parameters.ts';
import { Weights } from '../../nn/weights.ts';
import { BATCH, type TensorProgram } from '../../trace/index.ts';
import { type Whitening, whitened } from '../whitening.ts';
import { flow, logDensities, placeCodes } from './forward.ts';
import { flowParameters } from './parameters.ts';

export interface FittedFlow {
  readonly level: FeatureLevel;
  readonly mixings: readonly Mixing[];
  readonly whitening: Whitening | null;
  /** Flat. */
  readonly weights: Float32Array;
}

/** @param tokens f32 `[N, L, C]`. @returns log p by channel, f32 `[N, L]`. */
function densitiesOf({ level, mixings, whitening, weights }: FittedFlow, tokens: Tensor): Tensor {
  const { channels, grid } = level;
  const specs = flowParameters({ channels, blocks: mixings.length });
  const codes = placeCodes(grid);
  const ofPlaces = tensor(codes, [grid ** 2, codes.length / grid ** 2]);
  const network = new Weights(constantParameters(specs, weights));
  return logDensities(flow(mixings, network, whitened(tokens, whitening), ofPlaces));
}

function tokensInput({ grid, channels }: FeatureLevel) {
  return { shape: [BATCH, grid ** 2, channels] };
}

/** Input `tokens` f32 `[N, L, C]`, output `densities` f32 `[N, L]`; batch open. */
export function densityProgram(fitted: FittedFlow): TensorProgram {
  return {
    name: 'cflow-densities',
    inputs: { tokens: tokensInput(fitted.level) },
    batchPlaceholder: BATCH,
    body: ({ tokens }) => ({ densities: densitiesOf(fitted, tokens as Tensor) }),
  };
}

/**
 * With m the largest log p by channel of training images: `likelihood` 1 − e^min(log p − m, 0), 0 to 1;
 * `logLikelihood` max(m − log p, 0).
 */
export function patchScores(
  densities: Tensor,
  largest: number,
  score: CflowPreset['score'],
): Tensor {
  return score === 'likelihood'
    ? sub(1, exp(minimum(sub(densities, largest), scalar(0))))
    : relu(neg(sub(densities, largest)));
}

/** Inputs `tokens0…` f32 `[N, L, C]`, outputs `scores0…` f32 `[N, L]`; batch open. */
export function scoresProgram(
  flows: readonly (FittedFlow & { readonly largest: number })[],
  score: CflowPreset['score'],
): TensorProgram {
  return {
    name: 'cflow-scores',
    inputs: Object.fromEntries(
      flows.map(({ level }, index) => [`tokens${index}`, tokensInput(level)]),
    ),
    batchPlaceholder: BATCH,
    body: (given) =>
      Object.fromEntries(
        flows.map((fitted, index) => {
          const densities = densitiesOf(fitted, given[`tokens${index}`] as Tensor);
          return [`scores${index}`, patchScores(densities, fitted.largest, score)];
        }),
      ),
  };
}
