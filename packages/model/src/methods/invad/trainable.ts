/** @file InvAD as it is trained: features of the frozen backbone in, the same rebuilt. */
import {
  batchedSteps,
  INVAD_PART,
  type InvadNetwork,
  type InvadPreset,
} from '@plumbline/contracts';
import { Weights } from '../../nn/weights.ts';
import { allImages, EpochBatches } from '../../training/batches.ts';
import { differentiate } from '../../training/differentiate.ts';
import { lowerLearningRate } from '../../training/divergence.ts';
import { keepBestWatch } from '../../training/keep-best.ts';
import { adam } from '../../training/optimizers.ts';
import { learningRate } from '../../training/schedules.ts';
import { streamsOf } from '../../training/streams.ts';
import type { HeldOutWatch, Trainable } from '../../training/trainable.ts';
import { levelImages } from '../level-images.ts';
import type { FeatureSource } from '../method.ts';
import { tokenFeeds, tokenInputs } from '../step-feeds.ts';
import { rebuildingLoss } from './distance.ts';
import { rebuiltLevels, rebuiltLevelsOfBatch } from './forward.ts';
import { invadBuffers, invadParameters } from './parameters.ts';

/** As released: no mean of gradients. */
const MOMENTS = { beta1: 0, beta2: 0.99 };

export interface InvadFit {
  readonly preset: InvadPreset;
  readonly network: InvadNetwork;
  readonly seed: number;
  readonly categories: number;
  readonly maxSteps?: number | undefined;
  readonly features: FeatureSource;
  /** Held-out normal images, of which the best state is known. */
  readonly heldOut?: FeatureSource | undefined;
}

export function invadTrainable(fit: InvadFit): Trainable {
  const { preset, network, seed, features } = fit;
  const { decay, lossWeight, clipNorm } = preset;
  const { batchSize, steps } = batchedSteps(preset, { ...fit, images: features.count });
  const random = streamsOf(seed, INVAD_PART);
  const feed = tokenFeeds(network.levels, features, batchSize);
  const schedule = {
    learningRate: preset.learningRate,
    ...(decay === 'step' ? { stepDecay: true } : { cosineDecay: true }),
  };
  return {
    name: INVAD_PART,
    title: 'the decoder',
    steps,
    groups: [
      {
        name: INVAD_PART,
        parameters: invadParameters(network),
        optimizer: adam(MOMENTS),
        learningRate: (step) => learningRate(schedule, step, steps),
      },
    ],
    buffers: invadBuffers(network),
    ...(clipNorm === null ? {} : { clipNorm }),
    inputs: tokenInputs(network.levels, batchSize),
    random,
    batches: new EpochBatches(allImages(features.count), batchSize, random),
    feeds: ({ images }) => feed(images),
    step: ({ parameters, buffers, inputs }) =>
      differentiate(parameters, (given) => {
        const levels = levelImages(network.levels, inputs);
        const rebuilt = rebuiltLevelsOfBatch(network, new Weights(given), levels, buffers);
        const loss = rebuildingLoss(levels, rebuilt.levels, lossWeight);
        return { loss, buffers: rebuilt.buffers };
      }),
    watch: watchOf(fit, batchSize),
    divergence: lowerLearningRate(
      'learningRate',
      'a lower learning rate or a largest gradient norm (clipNorm)',
    ),
  };
}

/** The loss of held-out images is to be the smallest. */
function watchOf(fit: InvadFit, batchSize: number): HeldOutWatch | undefined {
  const { preset, network, features, heldOut } = fit;
  return keepBestWatch({ preset, images: features.count, batchSize, heldOut }, (source) => ({
    name: 'invad-held-out-loss',
    parameters: invadParameters(network),
    buffers: invadBuffers(network),
    inputs: tokenInputs(network.levels, batchSize),
    feeds: tokenFeeds(network.levels, source, batchSize),
    loss: ({ parameters, buffers, inputs }) => {
      const levels = levelImages(network.levels, inputs);
      const rebuilt = rebuiltLevels(network, new Weights(parameters), levels, buffers);
      return rebuildingLoss(levels, rebuilt, preset.lossWeight);
    },
  }));
}
