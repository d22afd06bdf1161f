/** @file DiffusionAD's map: how probable a defect is at each pixel, with noise that is a constant, so that an image has one score. */
import type { DiffusionNetwork } from '@plumbline/contracts';
import { reshape, sigmoid, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { constantBuffers, constantParameters } from '../../nn/parameters.ts';
import { RandomStream } from '../../nn/random.ts';
import { Weights } from '../../nn/weights.ts';
import { BATCH, type TensorProgram } from '../../trace/index.ts';
import type { Trained } from '../../training/trainable.ts';
import { colorsOf } from '../draem/colors.ts';
import { SCORED_TIMES } from './diffusion.ts';
import { diffusionOutputs } from './forward.ts';
import { diffusionBuffers, diffusionParameters } from './parameters.ts';

export interface ScoredBy extends Pick<Trained, 'weights' | 'buffers'> {
  /** Of every image, f32 `[2, S, S, 3]`. */
  readonly noise: Float32Array;
}

/** The same for a seed and an image size. @returns f32 `[2, S, S, 3]`. */
export function scoreNoise(seed: number, imageSizePx: number): Float32Array {
  const noise = new Float32Array(2 * imageSizePx ** 2 * 3);
  RandomStream.from(seed, 'score noise').fillNormal(noise);
  return noise;
}

/** Input `pixels` f32 `[N, 3, S, S]`, normalized as for a backbone; output `scores0` f32 `[N, S²]`; batch open. */
export function scoresProgram(
  network: DiffusionNetwork,
  imageSizePx: number,
  { weights, buffers, noise }: ScoredBy,
): TensorProgram {
  return {
    name: 'diffusionad-scores',
    inputs: { pixels: { shape: [BATCH, 3, imageSizePx, imageSizePx] } },
    batchPlaceholder: BATCH,
    body: ({ pixels }) => {
      const trained = new Weights(constantParameters(diffusionParameters(network), weights));
      const statistics = constantBuffers(diffusionBuffers(network), buffers);
      const noised = {
        images: colorsOf(pixels as Tensor),
        noise: tensor(noise, [1, 2, imageSizePx, imageSizePx, 3]),
        times: tensor([...SCORED_TIMES], [1, 2]),
      };
      const { logits } = diffusionOutputs(network, trained, noised, statistics);
      return { scores0: reshape(sigmoid(logits), [-1, imageSizePx ** 2]) };
    },
  };
}
