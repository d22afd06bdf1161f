/** @file STFPM's map: the product over levels of how far the student is from the teacher, at the finest grid. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { constantBuffers, constantParameters } from '../../nn/parameters.ts';
import { Weights } from '../../nn/weights.ts';
import { BATCH, type TensorProgram } from '../../trace/index.ts';
import type { Trained } from '../../training/trainable.ts';
import type { FeatureLevel } from '../method.ts';
import { tokenInputs } from '../step-feeds.ts';
import type { Architecture } from './architecture.ts';
import { anomalyGrid } from './distance.ts';
import { studentTaps } from './forward.ts';
import { studentBuffers, studentParameters } from './parameters.ts';
import { teacherTokens } from './trainable.ts';

export interface ScoreOptions {
  readonly architecture: Architecture;
  readonly levels: readonly FeatureLevel[];
  readonly imageSizePx: number;
}

/** Inputs `pixels` f32 `[N, 3, S, S]` and `tokens0…` f32 `[N, L, C]`, output `scores0` f32 `[N, P]`; batch open. */
export function scoresProgram(
  { architecture, levels, imageSizePx }: ScoreOptions,
  { weights, buffers }: Pick<Trained, 'weights' | 'buffers'>,
): TensorProgram {
  return {
    name: 'stfpm-scores',
    inputs: {
      pixels: { shape: [BATCH, 3, imageSizePx, imageSizePx] },
      ...tokenInputs(levels, BATCH),
    },
    batchPlaceholder: BATCH,
    body: (given) => {
      const student = new Weights(constantParameters(studentParameters(architecture), weights));
      const statistics = constantBuffers(studentBuffers(architecture), buffers);
      const pixels = given['pixels'] as Tensor;
      const taps = studentTaps(architecture, student, pixels, statistics);
      return { scores0: anomalyGrid(levels, teacherTokens(given, levels), taps) };
    },
  };
}
