/** @file FastFlow's patch scores: how far a place of the flow's output is from 0, as released without log-determinants. */
import type { FastflowPreset } from '@plumbline/contracts';
import { exp, mean, mul, neg, reshape, square, sub, type Tensor } from '@tensorflow/tfjs-core';
import { constantParameters } from '../../nn/parameters.ts';
import { BATCH, type TensorProgram } from '../../trace/index.ts';
import { tokenInputs } from '../step-feeds.ts';
import { fastflowParameters } from './parameters.ts';
import { type FastflowFit, flowsOf, mixingsOf } from './trainable.ts';

/**
 * `likelihood` 1 − e^(−½ mean_c z²), 0 to 1: the released score with 1 added; `logLikelihood` ½ mean_c z².
 * @param values f32 `[N, side, side, C]`.
 * @returns f32 `[N, L]`.
 */
export function patchScores(values: Tensor, score: FastflowPreset['score']): Tensor {
  const [images = 1, side = 1] = values.shape;
  const energy = reshape(mul(mean(square(values), -1), 0.5), [images, side ** 2]);
  return score === 'likelihood' ? sub(1, exp(neg(energy))) : energy;
}

/** Inputs `tokens0…` f32 `[N, L, C]`, outputs `scores0…` f32 `[N, L]`; batch open. */
export function scoresProgram(
  fit: Pick<FastflowFit, 'levels' | 'whitenings' | 'preset' | 'seed' | 'categories'>,
  weights: Float32Array,
): TensorProgram {
  const { levels, preset } = fit;
  return {
    name: 'fastflow-scores',
    inputs: tokenInputs(levels, BATCH),
    batchPlaceholder: BATCH,
    body: (given) => {
      const parameters = constantParameters(fastflowParameters(preset, levels), weights);
      const flows = flowsOf(fit, mixingsOf(fit), parameters, given);
      const scores = flows.map(
        ({ values }, level) => [`scores${level}`, patchScores(values, preset.score)] as const,
      );
      return Object.fromEntries(scores);
    },
  };
}
