/** @file PyramidFlow as it is trained: features of a few images in, as like each other as a flow can make them. */
import { batchedSteps, PYRAMIDFLOW_PART, type PyramidflowPreset } from '@plumbline/contracts';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { Weights } from '../../nn/weights.ts';
import { allImages, EpochBatches } from '../../training/batches.ts';
import { differentiate } from '../../training/differentiate.ts';
import { lowerLearningRate } from '../../training/divergence.ts';
import { adam } from '../../training/optimizers.ts';
import { streamsOf } from '../../training/streams.ts';
import type { Trainable } from '../../training/trainable.ts';
import { levelImages } from '../level-images.ts';
import type { FeatureSource, FitBasics } from '../method.ts';
import { tokenFeeds, tokenInputs } from '../step-feeds.ts';
import { latentsOfBatch } from './forward.ts';
import { pairLoss } from './loss.ts';
import { type PyramidFlow, pyramidBuffers, pyramidParameters } from './parameters.ts';
import { buildPyramid } from './pyramid.ts';

/** As released. */
const OPTIMIZER = { beta1: 0.5, beta2: 0.9, epsilon: 1e-4, l2: 1e-5 };

export interface PyramidFit extends Pick<FitBasics, 'seed' | 'maxSteps' | 'categories'> {
  readonly preset: PyramidflowPreset;
  readonly flow: PyramidFlow;
  readonly features: FeatureSource;
}

export function pyramidTrainable({ preset, flow, seed, features, ...fit }: PyramidFit): Trainable {
  const { batchSize, steps } = batchedSteps(preset, { images: features.count, ...fit });
  const random = streamsOf(seed, PYRAMIDFLOW_PART);
  const feed = tokenFeeds([flow], features, batchSize);
  return {
    name: PYRAMIDFLOW_PART,
    title: 'the flow',
    steps,
    groups: [
      {
        name: 'flow',
        parameters: pyramidParameters(flow),
        optimizer: adam(OPTIMIZER),
        learningRate: () => preset.learningRate,
      },
    ],
    buffers: pyramidBuffers(flow),
    ...(preset.clipNorm === null ? {} : { clipNorm: preset.clipNorm }),
    inputs: tokenInputs([flow], batchSize),
    random,
    batches: new EpochBatches(allImages(features.count), batchSize, random),
    feeds: (draw) => feed(draw.images),
    step: ({ parameters, buffers, inputs }) =>
      differentiate(parameters, (given) => {
        const [images] = levelImages([flow], inputs);
        const pyramid = buildPyramid(images as Tensor4D, flow.pyramidLevels);
        const found = latentsOfBatch(flow, new Weights(given), pyramid, buffers);
        return { loss: pairLoss(found.levels), buffers: found.buffers };
      }),
    divergence: lowerLearningRate(),
  };
}
