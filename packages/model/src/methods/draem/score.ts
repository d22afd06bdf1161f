/** @file DRAEM's map: how probable a defect is at each pixel. */
import type { DraemNetwork } from '@plumbline/contracts';
import { reshape, type Tensor } from '@tensorflow/tfjs-core';
import { constantBuffers, constantParameters } from '../../nn/parameters.ts';
import { Weights } from '../../nn/weights.ts';
import { BATCH, type TensorProgram } from '../../trace/index.ts';
import type { Trained } from '../../training/trainable.ts';
import { colorsOf } from './colors.ts';
import { draemOutputs } from './forward.ts';
import { defectProbabilities } from './loss.ts';
import { draemBuffers, draemParameters } from './parameters.ts';

/** Input `pixels` f32 `[N, 3, S, S]`, normalized as for a backbone; output `scores0` f32 `[N, S²]`; batch open. */
export function scoresProgram(
  network: DraemNetwork,
  imageSizePx: number,
  { weights, buffers }: Pick<Trained, 'weights' | 'buffers'>,
): TensorProgram {
  return {
    name: 'draem-scores',
    inputs: { pixels: { shape: [BATCH, 3, imageSizePx, imageSizePx] } },
    batchPlaceholder: BATCH,
    body: ({ pixels }) => {
      const trained = new Weights(constantParameters(draemParameters(network), weights));
      const statistics = constantBuffers(draemBuffers(network), buffers);
      const images = colorsOf(pixels as Tensor);
      const { logits } = draemOutputs(network, trained, images, statistics);
      return { scores0: reshape(defectProbabilities(logits), [-1, imageSizePx ** 2]) };
    },
  };
}
