/** @file PyramidFlow's map: how far an image's latents are from the mean of the training images'. G places a side. */
import { reshape, type Tensor, type Tensor4D, tensor } from '@tensorflow/tfjs-core';
import { constantBuffers, constantParameters } from '../../nn/parameters.ts';
import { Weights } from '../../nn/weights.ts';
import { BATCH, type TensorProgram } from '../../trace/index.ts';
import type { Trained } from '../../training/trainable.ts';
import { levelImages } from '../level-images.ts';
import { tokenInputs } from '../step-feeds.ts';
import { latents } from './forward.ts';
import { distanceMap } from './loss.ts';
import { type PyramidFlow, pyramidBuffers, pyramidParameters } from './parameters.ts';
import { buildPyramid } from './pyramid.ts';

type Fitted = Pick<Trained, 'weights' | 'buffers'>;

/** Input `tokens0` f32 `[N, G², C]`, outputs `latents0…` f32 `[N, side, side, C]`, finest first; batch open. */
export function latentsProgram(flow: PyramidFlow, fitted: Fitted): TensorProgram {
  return {
    ...tokensProgram(flow, 'pyramidflow-latents'),
    body: (given) =>
      Object.fromEntries(
        evaluated(flow, fitted, given).map((x, level) => [`latents${level}`, x as Tensor]),
      ),
  };
}

/** Input as of `latentsProgram`, output `scores0` f32 `[N, G²]`; batch open. @param template For each level f32 `[side², C]`. */
export function scoresProgram(
  flow: PyramidFlow,
  fitted: Fitted,
  template: readonly Float32Array[],
): TensorProgram {
  return {
    ...tokensProgram(flow, 'pyramidflow-scores'),
    body: (given) => {
      const means = template.map((values, level) => {
        const side = flow.grid >> level;
        return tensor(values, [1, side, side, flow.channels]) as Tensor4D;
      });
      const map = distanceMap(evaluated(flow, fitted, given), means);
      return { scores0: reshape(map, [-1, flow.grid ** 2]) };
    },
  };
}

function tokensProgram(flow: PyramidFlow, name: string) {
  return { name, inputs: tokenInputs([flow], BATCH), batchPlaceholder: BATCH };
}

function evaluated(
  flow: PyramidFlow,
  { weights, buffers }: Fitted,
  given: Readonly<Record<string, Tensor>>,
): Tensor4D[] {
  const trained = new Weights(constantParameters(pyramidParameters(flow), weights));
  const means = constantBuffers(pyramidBuffers(flow), buffers);
  const [features] = levelImages([flow], given);
  const pyramid = buildPyramid(features as Tensor4D, flow.pyramidLevels);
  return latents(flow, trained, pyramid, means);
}
