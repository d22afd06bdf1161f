/** @file DRAEM as it is trained: images and made-up defects in them. N images, S pixels a side. */
import { batchedSteps, DRAEM_PART, type DraemPreset, draemNetwork } from '@plumbline/contracts';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { Weights } from '../../nn/weights.ts';
import { allImages, EpochBatches } from '../../training/batches.ts';
import { differentiate } from '../../training/differentiate.ts';
import { lowerLearningRate } from '../../training/divergence.ts';
import { adam } from '../../training/optimizers.ts';
import { streamsOf } from '../../training/streams.ts';
import type { Trainable } from '../../training/trainable.ts';
import type { ImageFitOptions } from '../method.ts';
import { draemOutputsOfBatch } from './forward.ts';
import { draemLoss } from './loss.ts';
import { draemBuffers, draemParameters } from './parameters.ts';
import { DRAEM_DEFECTS, defectFeeds } from './synthesis.ts';

export interface DraemFit
  extends Pick<ImageFitOptions, 'seed' | 'maxSteps' | 'categories' | 'images'> {
  readonly preset: DraemPreset;
}

export function draemTrainable({ preset, seed, images, ...fit }: DraemFit): Trainable {
  const { imageSizePx: side, textures } = preset;
  const { batchSize, steps } = batchedSteps(preset, { images: images.count, ...fit });
  const network = draemNetwork(preset.width);
  const random = streamsOf(seed, DRAEM_PART);
  return {
    name: DRAEM_PART,
    title: 'the networks',
    steps,
    groups: [
      {
        name: DRAEM_PART,
        parameters: draemParameters(network),
        optimizer: adam(),
        learningRate: (step) => preset.learningRate * loweredBy(step / steps),
      },
    ],
    buffers: draemBuffers(network),
    inputs: {
      images: { shape: [batchSize, side, side, 3] },
      damaged: { shape: [batchSize, side, side, 3] },
      masks: { shape: [batchSize, side, side, 1] },
    },
    random,
    batches: new EpochBatches(allImages(images.count), batchSize, random),
    feeds: defectFeeds({ images, batchSize, side, textures, rule: DRAEM_DEFECTS }),
    step: ({ parameters, buffers, inputs }) =>
      differentiate(parameters, (given) => {
        const at = (name: string) => inputs[name] as Tensor4D;
        const found = draemOutputsOfBatch(network, new Weights(given), at('damaged'), buffers);
        return { loss: draemLoss(found, at('images'), at('masks')), buffers: found.buffers };
      }),
    divergence: lowerLearningRate(),
  };
}

/** As released. @param done Share of the steps. */
function loweredBy(done: number): number {
  if (done < 0.8) return 1;
  return done < 0.9 ? 0.2 : 0.04;
}
